// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

/**
 * Where a plugin comes from. Of two with one name the higher ranking wins, then the older service.
 * Immutable.
 *
 * @param bundle symbolic name of its bundle
 * @param version version of its bundle
 * @param ranking of its service
 * @param serviceId smaller is older
 */
public record PluginOrigin(String bundle, String version, int ranking, long serviceId)
        implements Comparable<PluginOrigin> {

    /** A plugin without a service. */
    public static PluginOrigin of(String bundle, String version) {
        return new PluginOrigin(bundle, version, 0, Long.MAX_VALUE);
    }

    /** The one that wins comes first. */
    @Override
    public int compareTo(PluginOrigin other) {
        int byRanking = Integer.compare(other.ranking, ranking);
        return byRanking != 0 ? byRanking : Long.compare(serviceId, other.serviceId);
    }

    /** Symbolic name and version. */
    @Override
    public String toString() {
        return bundle + " " + version;
    }
}
