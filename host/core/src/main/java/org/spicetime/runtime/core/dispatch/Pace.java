// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

/**
 * Whether tasks are short as a rule: a moving mean of how long some took, in which a single long
 * one, or one whose thread lost the processor, does not count for much. Guarded by the domain's
 * guard.
 */
final class Pace {

    private static final long MOST = 20_000;
    private static final long BRIEF = 2_000;
    private static final long NOT_BRIEF = 4_000;
    private static final int WEIGHT = 3;

    private long mean = MOST;
    private boolean brief;

    void sample(long nanos) {
        mean += (Math.min(nanos, MOST) - mean) >> WEIGHT;
        brief = mean < (brief ? NOT_BRIEF : BRIEF);
    }

    boolean brief() {
        return brief;
    }
}
