// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import java.util.Arrays;

/*
 * A zone that was used and became free again between two looks counts as free all the time; then its
 * pages go back a little early and are fetched anew.
 */
/**
 * Since when the zones of a pool have been free, as far as was looked. The idea of a decay time is
 * that of jemalloc.
 *
 * <p>Guarded by the caller.
 */
final class ZoneDecay {
    private static final long IN_USE = Long.MIN_VALUE;

    private final long decayNanos;
    private long[] freeSince = {};

    ZoneDecay(long decayNanos) {
        this.decayNanos = decayNanos;
    }

    /** Looks at a zone; whether it has been free for long enough. */
    boolean due(int zone, boolean returnable, long now) {
        if (zone >= freeSince.length) {
            int known = freeSince.length;
            freeSince = Arrays.copyOf(freeSince, zone + 64);
            Arrays.fill(freeSince, known, freeSince.length, IN_USE);
        }
        if (!returnable) {
            freeSince[zone] = IN_USE;
            return false;
        }
        if (freeSince[zone] == IN_USE) {
            freeSince[zone] = now;
        }
        return now - freeSince[zone] >= decayNanos;
    }
}
