// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.scheduler.StarvationBound;

/** How often the oldest queued task was passed over. Guarded by the caller. */
final class PassedOver {
    private long picks;
    private int longest;

    /** The policy was given a task; so many are queued now. */
    void given(Schedulable task, int queued) {
        task.picksWhenQueued = picks;
        longest = Math.max(longest, queued);
    }

    /** A task was picked; so many are left. */
    void picked(int left) {
        picks++;
        if (left == 0) longest = 0;
    }

    /** Another policy begins with so many queued. */
    void renew(int queued) {
        longest = queued;
    }

    /** Finds the policy at fault if the oldest task waited for more picks than it promises. */
    void check(StarvationBound bound, @Nullable Schedulable oldest) throws PolicyFault {
        if (oldest == null) return;
        long passedOver = picks - oldest.picksWhenQueued;
        if (passedOver > bound.picks(longest))
            throw new PolicyFault(
                    EjectionReason.STARVATION,
                    "task "
                            + oldest.seq()
                            + " was passed over "
                            + passedOver
                            + " times; the policy promises at most "
                            + bound.picks(longest));
    }
}
