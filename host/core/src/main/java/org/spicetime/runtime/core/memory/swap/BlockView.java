// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

/** What a {@link VictimSelector} may ask about a block. Guarded as the selector is. */
interface BlockView {
    /** Whether it was pinned since it was asked the last time, or since it is there. */
    boolean takeReference(int id);

    /** The task it belongs to; equal for all blocks of one. */
    Object owner(int id);

    /** How urgent that task is; a larger number is more urgent. */
    int priority(int id);
}
