// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

/**
 * A configuration as it is stored: text the store does not look into.
 *
 * <p>Immutable.
 *
 * @param json the configuration; not blank
 * @param schemaVersion version of its form; at least 1
 * @param revision counts the changes of one domain, from 1
 */
public record StoredConfig(String json, int schemaVersion, long revision) {

    /**
     * Checks text and numbers.
     *
     * @throws IllegalArgumentException if the text is blank or a number below 1
     */
    public StoredConfig {
        Check.notBlank("configuration", json);
        Check.atLeast("schema version", schemaVersion, 1);
        Check.atLeast("revision", revision, 1);
    }
}
