// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.memory;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The right to reach the bytes of a block, until {@link #close()}. The segment is confined to the
 * thread that pinned: access from another thread, out of bounds or after the close throws, and
 * harms nothing. What was pinned stays where it is; so keep pins short, around the access itself.
 *
 * <p>Called by the thread that pinned.
 *
 * <pre>{@code
 * try (Pin pin = block.pin()) {
 *     pin.segment().set(ValueLayout.JAVA_LONG, 0, 42);
 * }
 * }</pre>
 */
@ProviderType
public interface Pin extends AutoCloseable {
    /**
     * The bytes of the block: exactly as many as were asked for, at an address aligned as asked
     * for. A movable block may be elsewhere at the next pin.
     *
     * @return the same segment at every call; alive until {@link #close()}
     */
    MemorySegment segment();

    /**
     * Ends the access; the segment and all slices of it are dead from then on.
     *
     * @throws IllegalStateException if the pin is closed already, or something still holds the
     *     segment, such as a running system call
     * @throws WrongThreadException on another thread than the one that pinned
     */
    @Override
    void close();
}
