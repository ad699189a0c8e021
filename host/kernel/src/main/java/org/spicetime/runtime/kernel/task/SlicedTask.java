// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.kernel.scheduling.Schedulable;

/**
 * A task of either kind, with what is known of its slice while it is on a worker. Only the kernel
 * changes it. Guarded by the caller.
 */
public abstract sealed class SlicedTask extends Schedulable permits TaskEntry, LightTask {
    /** An instant that has not come. */
    public static final long NEVER = Long.MAX_VALUE;

    static final int NO_SLOT = -1;

    @Nullable Timer sliceTimer;

    /* The slot of its last slice; none off a worker, and while it ends without one. */
    int slot = NO_SLOT;
    long sliceNanos;
    long sliceEndsNanos = NEVER;
    boolean askedToGiveWay;
    long dispatchedAtNanos = NEVER;
    long cpuNanos;
    long cpuNanosAtDispatch;

    SlicedTask() {}

    /** The last time it was given to a worker; {@link #NEVER} before. */
    public final long dispatchedAtNanos() {
        return dispatchedAtNanos;
    }

    /**
     * How long it may run, since it was picked, before its equals get their turn; 0: until it
     * blocks or ends.
     */
    public final long quantumNanos() {
        return sliceNanos;
    }

    @Override
    public final long consumedNanos() {
        return cpuNanos;
    }

    /** Whether it was asked to end. */
    abstract boolean toEnd();
}
