// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A lock of the domain in the hands of a task, from {@link TaskContext#lock} until {@link #close}.
 * Used by the thread of the handler only.
 *
 * <pre>{@code
 * try (HeldLock ledger = context.lock("ledger")) {
 *     ...
 * }
 * }</pre>
 */
@ProviderType
public interface HeldLock extends AutoCloseable {
    /**
     * The lock.
     *
     * @return its name, as it was asked for
     */
    String name();

    /**
     * Gives the lock back: to the most urgent task that waits for it, at once. The task is as
     * urgent again as it is without the lock, and gives way here if a more urgent one has been held
     * off by it. A lock that was taken several times is free after as many calls on as many
     * objects; a second call on one object does nothing, nor does a call after the handler has
     * returned.
     *
     * @throws IllegalStateException on a thread that is not the handler's
     */
    @Override
    void close();
}
