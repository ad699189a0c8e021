// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import org.spicetime.runtime.kernel.scheduling.PolicyEjection;

/**
 * Is told what the kernel decides, inside the call that decides it and by the same thread. Must be
 * quick, must not throw and must not call the kernel.
 */
public interface KernelListener {
    /**
     * The entry has another phase now, or is new. After every transition, the final one included.
     */
    void changed(TaskEntry entry);

    /**
     * So many tasks may be dispatched that could not before. Once per call of the kernel, at its
     * end.
     */
    void becameReady(int count);

    /** The task is on a worker, or has been started there, and is to be interrupted. */
    void stopRequested(TaskEntry entry, StopReason why);

    /**
     * The running task is to give way at its next safe point, where {@link DomainKernel#rotate}
     * says who has its slot then. Once per slice.
     */
    void giveWay(TaskEntry entry);

    /** As above, of a light task, which has slices. */
    default void giveWay(LightTask task) {}

    /**
     * How the task ends is decided; what is to be stored can be read from the entry. It ends, for
     * all that look at it, with {@link DomainKernel#stored}.
     */
    default void ending(TaskEntry entry) {}

    /** A task that waits for others waits for one less, and for more still. */
    default void waitsForLess(TaskEntry entry) {}

    /** The task has ended for good. After {@link #changed}. */
    void finished(TaskEntry entry);

    /** The task, which had ended, is removed; nobody keeps it any more. */
    default void purged(TaskEntry entry) {}

    /** The task, which had ended, is from now on known to the store alone. */
    default void left(TaskEntry entry) {}

    /** The task has missed its deadline; once per task. */
    void missedDeadline(TaskEntry entry);

    /** The policy was taken out of service; the fallback is in charge and no task is lost. */
    void policyEjected(PolicyEjection ejection);
}
