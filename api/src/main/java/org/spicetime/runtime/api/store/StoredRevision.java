// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import org.spicetime.runtime.api.domain.ConfigSource;

/**
 * A configuration that is or was in force in a domain.
 *
 * <p>Immutable.
 *
 * @param config the configuration, with its revision
 * @param at when it took effect
 * @param changes what changed, as JSON for people; not blank
 * @param source where it came from
 * @param by who asked for it; not blank
 */
public record StoredRevision(
        StoredConfig config, Instant at, String changes, ConfigSource source, String by) {

    /**
     * Checks the texts.
     *
     * @throws IllegalArgumentException if one is blank
     */
    public StoredRevision {
        Check.notBlank("changes", changes);
        Check.notBlank("by", by);
    }
}
