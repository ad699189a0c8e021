// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

/** An allocator under a trace: it keeps what each slot holds. */
interface Subject {
    /** For people. */
    String name();

    /** Whether each trace begins with an allocator made anew, rather than one with a past. */
    boolean madeAnew();

    /** Makes ready for traces of so many slots; all are empty. */
    void begin(int slots);

    /**
     * Allocates into an empty slot.
     *
     * @return false: there is no room
     */
    boolean put(int slot, int bytes);

    /** Releases what a slot holds. */
    void take(int slot);

    /**
     * Releases what a slot holds and allocates anew.
     *
     * @return false: there is no room, and the slot is empty now
     */
    default boolean replace(int slot, int bytes) {
        take(slot);
        return put(slot, bytes);
    }

    /** Releases what all slots hold. */
    void end();

    /**
     * Memory it has taken for what it holds and held since {@link #begin}, bytes; negative: it does
     * not tell.
     */
    default long footprintBytes() {
        return -1;
    }
}
