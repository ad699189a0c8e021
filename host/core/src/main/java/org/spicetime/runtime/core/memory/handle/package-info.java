// SPDX-License-Identifier: Apache-2.0
/**
 * Handles: who owns a block of a pool, and when its bytes may be reached. A handle belongs to no
 * thread; bytes are reached through a pin, whose segment is confined to the thread that pinned. The
 * state of a handle is one word, so that pinning takes no lock and whoever moves or writes a block
 * keeps pins out with one exchange.
 *
 * <p>Thread-safe, unless a class says otherwise.
 */
@NullMarked
package org.spicetime.runtime.core.memory.handle;

import org.jspecify.annotations.NullMarked;
