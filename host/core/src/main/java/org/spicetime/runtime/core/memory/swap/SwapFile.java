// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that keeps the bytes of blocks. It grows by steps that are written in full before a block
 * is put there, so that a full disk is found out early, and shrinks only when it is empty. Each
 * frame of up to {@value #FRAME_BYTES} bytes has a checksum, which is compared when it is read.
 *
 * <p>Thread-safe; blocks are read and written by several threads at once.
 */
final class SwapFile implements AutoCloseable {
    static final int FRAME_BYTES = SlotMap.SLOT_BYTES * SlotMap.SLOTS_PER_FRAME;
    private static final int STEP_SLOTS = 64 * SlotMap.SLOTS_PER_FRAME;
    private static final MemorySegment ZEROS = Arena.global().allocate(FRAME_BYTES);

    private final SwapChannel channel;

    // Guarded by this.
    private final SlotMap slots = new SlotMap();
    private long limitBytes;
    private boolean stuck;

    /**
     * @param channel an empty file; closed with this
     * @param limitBytes most bytes it may take
     */
    SwapFile(SwapChannel channel, long limitBytes) {
        this.channel = channel;
        this.limitBytes = limitBytes;
    }

    /**
     * Sets the most bytes the file may take from now on; what it has it keeps. A file that could
     * not grow tries it again.
     */
    synchronized void limit(long bytes) {
        limitBytes = bytes;
        stuck = false;
    }

    synchronized long limit() {
        return limitBytes;
    }

    /** Whether it could not grow, and can be written otherwise. */
    synchronized boolean stuck() {
        return stuck;
    }

    /** Bytes of the slots that are taken. */
    synchronized long takenBytes() {
        return (long) slots.taken() * SlotMap.SLOT_BYTES;
    }

    /** Length of the file, bytes. */
    synchronized long fileBytes() {
        return (long) slots.slots() * SlotMap.SLOT_BYTES;
    }

    /**
     * Writes a block. Whatever is thrown, the file is as it was before.
     *
     * @param block its bytes, which nobody changes meanwhile; at least one
     * @param reserveBytes room that the file has to have for others then
     * @return where they lie
     * @throws SwapFullException if the limit does not allow it, or the file could not grow before
     * @throws IOException if the file does not take it
     */
    StoredBlock write(MemorySegment block, long reserveBytes) throws IOException {
        int[] frames = take(slots(block.byteSize()), slots(reserveBytes));
        int[] checksums = new int[frames.length / 2];
        boolean complete = false;
        try {
            long done = 0;
            for (int frame = 0; frame < checksums.length; frame++) {
                MemorySegment piece = block.asSlice(done, length(frames, frame, block, done));
                checksums[frame] = checksum(piece);
                writeFully(position(frames, frame), piece);
                done += piece.byteSize();
            }
            complete = true;
        } finally {
            if (!complete) {
                free(frames);
            }
        }
        return new StoredBlock(frames, checksums);
    }

    /**
     * Reads a block. It stays in the file.
     *
     * @param stored where it lies
     * @param to where it goes; as long as the block
     * @throws DamagedBlockException if it is not what was written
     * @throws IOException if it cannot be read
     */
    void read(StoredBlock stored, MemorySegment to) throws IOException {
        long done = 0;
        for (int frame = 0; frame < stored.checksums().length; frame++) {
            MemorySegment piece = to.asSlice(done, length(stored.frames(), frame, to, done));
            readFully(position(stored.frames(), frame), piece);
            if (checksum(piece) != stored.checksums()[frame]) {
                throw new DamagedBlockException(
                        "the checksum of %d bytes at %d of the swap file is wrong"
                                .formatted(piece.byteSize(), position(stored.frames(), frame)));
            }
            done += piece.byteSize();
        }
    }

    /** Forgets a block. */
    void free(StoredBlock stored) {
        free(stored.frames());
    }

    /** Gives the disk back what an empty file takes. Does nothing while it holds a block. */
    synchronized void trim() throws IOException {
        if (slots.taken() == 0 && slots.slots() > 0) {
            channel.truncate(0);
            slots.cut(0);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private synchronized void free(int[] frames) {
        slots.free(frames);
    }

    private synchronized int[] take(long wanted, long reserve) throws IOException {
        long most = Math.min(limitBytes / SlotMap.SLOT_BYTES, Integer.MAX_VALUE);
        if (wanted + reserve > most - slots.taken()) {
            throw new SwapFullException("its limit of " + limitBytes + " bytes");
        }
        while (wanted + reserve > slots.slots() - slots.taken()) {
            if (stuck) {
                throw new SwapFullException("the room there was on the disk");
            }
            grow((int) Math.min(most - slots.slots(), Math.max(STEP_SLOTS, wanted + reserve)));
        }
        int @Nullable [] frames = slots.take((int) wanted);
        if (frames == null) {
            throw new IllegalStateException(wanted + " slots were counted as free and are not");
        }
        return frames;
    }

    private static long slots(long bytes) {
        return (bytes + SlotMap.SLOT_BYTES - 1) / SlotMap.SLOT_BYTES;
    }

    /* A step that could not be written as a whole is cut off again, and not tried again. */
    private void grow(int more) throws IOException {
        long from = fileBytes();
        long to = from + (long) more * SlotMap.SLOT_BYTES;
        try {
            for (long at = from; at < to; at += FRAME_BYTES) {
                writeFully(at, ZEROS.asSlice(0, Math.min(FRAME_BYTES, to - at)));
            }
        } catch (IOException failure) {
            stuck = true;
            try {
                channel.truncate(from);
            } catch (IOException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
        slots.grow(more);
    }

    private void writeFully(long position, MemorySegment piece) throws IOException {
        for (long done = 0; done < piece.byteSize(); ) {
            long written = channel.write(position + done, piece.asSlice(done));
            if (written <= 0) {
                throw new IOException(
                        "%d of %d bytes could be written at %d of the swap file"
                                .formatted(done, piece.byteSize(), position));
            }
            done += written;
        }
    }

    private void readFully(long position, MemorySegment piece) throws IOException {
        for (long done = 0; done < piece.byteSize(); ) {
            long read = channel.read(position + done, piece.asSlice(done));
            if (read <= 0) {
                throw new DamagedBlockException(
                        "the swap file ends after %d of %d bytes at %d"
                                .formatted(done, piece.byteSize(), position));
            }
            done += read;
        }
    }

    private static long position(int[] frames, int frame) {
        return (long) frames[2 * frame] * SlotMap.SLOT_BYTES;
    }

    private static long length(int[] frames, int frame, MemorySegment block, long done) {
        return Math.min((long) frames[2 * frame + 1] * SlotMap.SLOT_BYTES, block.byteSize() - done);
    }

    private static int checksum(MemorySegment piece) {
        CRC32C crc = new CRC32C();
        crc.update(piece.asByteBuffer());
        return (int) crc.getValue();
    }
}
