// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * A task as the queues of this package hold it: with the links, keys and nodes they need, so that
 * queueing allocates nothing. The fields here belong to this package. Guarded by the caller.
 */
public abstract class Schedulable implements TaskView {
    /* Ground truth. */
    boolean queued;
    @Nullable Schedulable older;
    @Nullable Schedulable younger;
    long picksWhenQueued;

    /* Of the policy that was given the task last; see Backlog. */
    long generation;

    /* Queue of a keyed policy: key, then tie, then turn. */
    long key;
    long tie;
    long turn;
    int position = KeyHeap.NOWHERE;
    @Nullable Schedulable before;
    @Nullable Schedulable after;
    boolean amongStarted;
    boolean beforeEquals;
    boolean behindEquals;

    /* Node of the policy in charge, if it keeps its own queue. */
    @Nullable HostNode node;

    /** For the task. */
    protected Schedulable() {}

    /** Whether it waits in the ready queue. */
    public final boolean queued() {
        return queued;
    }
}
