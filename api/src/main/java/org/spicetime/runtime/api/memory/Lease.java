// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A block for one user at a time that may be handed from thread to thread. It never moves. It
 * belongs to the task that took it: what is not closed when the handler returns is reclaimed then,
 * and counts as a leak of the task.
 *
 * <p>Thread-safe: any thread of the task may pin or close it, one at a time.
 */
@ProviderType
public interface Lease extends AutoCloseable {
    /**
     * Size as it was asked for, bytes.
     *
     * @return 1 or more
     */
    long byteSize();

    /**
     * Opens access to the bytes for the calling thread. What one thread wrote before it closed its
     * pin, the next one sees.
     *
     * @return the pin, to be closed by the same thread
     * @throws IllegalStateException if it is closed, pinned by somebody already, or its task is
     *     over
     * @throws org.spicetime.runtime.api.error.RefusedException FORBIDDEN on a thread that works for
     *     another domain
     */
    Pin pin();

    /**
     * Gives the block back to the pool at once.
     *
     * @throws IllegalStateException if it is closed already or pinned; nothing changed then
     */
    @Override
    void close();
}
