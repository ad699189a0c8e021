// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A block that the host may move to undo fragmentation, or write to the swap file, whenever nobody
 * has it pinned. Its bytes are the same at the next pin, its address perhaps not. It belongs to the
 * task that took it: what is not closed when the handler returns is reclaimed then, and counts as a
 * leak of the task.
 *
 * <p>Thread-safe: several threads of the task may have it pinned at once; what they write at the
 * same time they have to order among themselves.
 */
@ProviderType
public interface MovableBlock extends AutoCloseable {
    /**
     * Size as it was asked for, bytes.
     *
     * @return 1 or more
     */
    long byteSize();

    /**
     * How long a pin may last. A longer one holds up others and is shown to operators with its
     * owner; nothing else follows.
     *
     * @return positive
     */
    Duration pinDeadline();

    /**
     * Opens access to the bytes for the calling thread. Waits while the block is being moved, at
     * most as long as one step of a collection (see {@code garbageCollection.maxPause}), and while
     * it is read back from the swap file; a task that waits for room then leaves its slot.
     *
     * @return the pin, to be closed by the same thread
     * @throws IllegalStateException if it is closed, or its task is over
     * @throws org.spicetime.runtime.api.error.RefusedException FORBIDDEN on a thread that works for
     *     another domain; MEMORY_PRESSURE if there is no room to read it back; RESOURCE_EXHAUSTED
     *     with {@code reason: SWAP_DAMAGED} if its swapped bytes are damaged
     */
    Pin pin();

    /**
     * Gives the block back to the pool at once, swapped bytes too.
     *
     * @throws IllegalStateException if it is closed already or pinned; nothing changed then
     */
    @Override
    void close();
}
