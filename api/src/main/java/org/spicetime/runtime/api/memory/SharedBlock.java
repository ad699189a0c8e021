// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One task's hold on a block that tasks of a domain share. The block belongs to the domain, is
 * counted once, never moves, and lives as long as somebody holds it: {@link TaskMemory#share} makes
 * it with the first hold, {@link TaskMemory#attach} adds one. A hold that is not closed when the
 * handler returns ends then under {@code garbageCollection.strategy} NONE; otherwise it ends by a
 * collection some seconds later, so that a task can leave a block to those that come after it.
 *
 * <p>Thread-safe: several tasks and threads may have it pinned at once; what they write at the same
 * time they have to order among themselves, for instance with {@link
 * org.spicetime.runtime.api.handler.TaskContext#lock}, or by atomic access through a {@link
 * java.lang.invoke.VarHandle}.
 */
@ProviderType
public interface SharedBlock extends AutoCloseable {
    /**
     * What other tasks of the domain {@link TaskMemory#attach} by. Hard to guess; whoever has it
     * and runs in the domain reaches the bytes.
     *
     * @return 32 hexadecimal digits
     */
    String id();

    /**
     * Size as it was asked for, bytes.
     *
     * @return 1 or more
     */
    long byteSize();

    /**
     * Opens access to the bytes for the calling thread.
     *
     * @return the pin, to be closed by the same thread
     * @throws IllegalStateException if this hold is closed, or its task is over
     * @throws org.spicetime.runtime.api.error.RefusedException FORBIDDEN on a thread that works for
     *     another domain
     */
    Pin pin();

    /**
     * Ends this hold; with the last one the block goes back to the pool.
     *
     * @throws IllegalStateException if it is closed already, or pinned through this hold; nothing
     *     changed then
     */
    @Override
    void close();
}
