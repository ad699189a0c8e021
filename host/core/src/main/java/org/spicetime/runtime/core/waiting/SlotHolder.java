// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.waiting;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.WaitReason;

/** Work that runs in a slot of its domain. Used on its thread only. */
public interface SlotHolder {

    /**
     * Leaves the slot to others until {@link #takeSlot}; the thread goes on without. Pairs nest;
     * only the outermost one has an effect.
     *
     * @param why what kind of thing is waited for
     * @param resource the very thing; null: it has no name
     */
    void leaveSlot(WaitReason why, @Nullable String resource);

    /** Waits until there is a slot again; at once if the work is to end. Keeps an interrupt. */
    void takeSlot();
}
