// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import org.jspecify.annotations.Nullable;

/**
 * The bundle behind a contribution. Immutable.
 *
 * @param bundle symbolic name
 * @param version of the bundle
 * @param bundleId by which the framework knows it
 * @param prefix what its manifest names as prefix; null: none
 */
public record Contributor(String bundle, String version, long bundleId, @Nullable String prefix) {
    /** The manifest header that names a prefix. */
    public static final String PREFIX_HEADER = NamePrefix.HEADER;

    @Override
    public String toString() {
        return bundle + " " + version;
    }
}
