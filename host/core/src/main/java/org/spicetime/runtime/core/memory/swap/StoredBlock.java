// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

/** Where the bytes of a block lie in a swap file, and what they must be. Immutable. */
final class StoredBlock {
    private final int[] frames;
    private final int[] checksums;

    /**
     * @param frames pairs of first slot and number of slots, in the order of the bytes
     * @param checksums CRC-32C of each frame, without what is unused of the last slot
     */
    StoredBlock(int[] frames, int[] checksums) {
        this.frames = frames;
        this.checksums = checksums;
    }

    int[] frames() {
        return frames;
    }

    int[] checksums() {
        return checksums;
    }

    /** Bytes of the file it takes. */
    long fileBytes() {
        long slots = 0;
        for (int i = 1; i < frames.length; i += 2) {
            slots += frames[i];
        }
        return slots * SlotMap.SLOT_BYTES;
    }
}
