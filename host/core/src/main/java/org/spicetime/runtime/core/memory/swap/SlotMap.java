// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which slots of a swap file are taken. Slots have 4 KiB; those of one block are cut into frames of
 * up to 16, each of which lies in one piece. The search goes on where the last one ended, so that
 * blocks that go together come to lie together. Guarded by the caller.
 */
final class SlotMap {
    static final int SLOT_BYTES = 4 << 10;
    static final int SLOTS_PER_FRAME = 16;

    private final BitSet taken = new BitSet();
    private int slots;
    private int takenSlots;
    private int cursor;

    /** Slots there are. */
    int slots() {
        return slots;
    }

    /** Slots that are taken. */
    int taken() {
        return takenSlots;
    }

    /** The file has more slots now. */
    void grow(int more) {
        slots = Math.addExact(slots, more);
    }

    /** First slot behind the last one that is taken. */
    int end() {
        return taken.length();
    }

    /** The file ends there now; nothing behind it is taken. */
    void cut(int end) {
        slots = end;
        cursor = 0;
    }

    /**
     * Takes slots.
     *
     * @param wanted how many; positive
     * @return the frames as pairs of first slot and number of slots; null: too few are free, and
     *     nothing changed
     */
    int @Nullable [] take(int wanted) {
        if (wanted > slots - takenSlots) {
            return null;
        }
        int[] frames = new int[4 + wanted / SLOTS_PER_FRAME * 2];
        int used = 0;
        int missing = wanted;
        while (missing > 0) {
            int first = taken.nextClearBit(cursor);
            if (first >= slots) {
                cursor = 0;
                continue;
            }
            int next = taken.nextSetBit(first);
            int free = (next < 0 ? slots : Math.min(next, slots)) - first;
            int length = Math.min(Math.min(free, missing), SLOTS_PER_FRAME);
            taken.set(first, first + length);
            takenSlots += length;
            missing -= length;
            cursor = first + length;
            if (used == frames.length) {
                frames = Arrays.copyOf(frames, used * 2);
            }
            frames[used++] = first;
            frames[used++] = length;
        }
        return Arrays.copyOf(frames, used);
    }

    /** Gives slots back that {@link #take} gave. */
    void free(int[] frames) {
        for (int i = 0; i < frames.length; i += 2) {
            taken.clear(frames[i], frames[i] + frames[i + 1]);
            takenSlots -= frames[i + 1];
        }
    }
}
