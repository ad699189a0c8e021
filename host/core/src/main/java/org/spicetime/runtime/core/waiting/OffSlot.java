// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.waiting;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.poll.HandlerPoll;

/**
 * A time in which the calling task has no slot, because it waits. To be closed by the same thread,
 * which then waits for a slot. Nothing happens on threads that run no task. No lock of the host may
 * be held at either end.
 */
public final class OffSlot implements AutoCloseable {

    private static final OffSlot NO_TASK = new OffSlot(null);

    private final @Nullable SlotHolder holder;

    private OffSlot(@Nullable SlotHolder holder) {
        this.holder = holder;
    }

    /**
     * The task of the calling thread, if it runs one, leaves its slot.
     *
     * @param why what kind of thing it waits for
     * @param resource the very thing; null: it has no name
     */
    public static OffSlot leave(WaitReason why, @Nullable String resource) {
        return HandlerPoll.context() instanceof SlotHolder holder
                ? leave(holder, why, resource)
                : NO_TASK;
    }

    private static OffSlot leave(SlotHolder holder, WaitReason why, @Nullable String resource) {
        holder.leaveSlot(why, resource);
        return new OffSlot(holder);
    }

    @Override
    public void close() {
        if (holder != null) {
            holder.takeSlot();
        }
    }
}
