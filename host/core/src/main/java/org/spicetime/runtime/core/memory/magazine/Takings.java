// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.magazine;

import java.util.function.LongConsumer;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/**
 * What one attempt of a task took out of the magazine of its worker and has not given back. Blocks
 * are known by the row they are noted in, and chained, so that an arena needs to keep one number
 * only.
 *
 * <p>Called by the thread that opened it; {@link #bytes}, {@link #blocks} and {@link #settle} by
 * any.
 */
public final class Takings {
    /** No block. */
    public static final int NONE = Magazine.END;

    private final Magazines magazines;
    private final Magazine home;
    private final BlockOwner owner;
    private final long number;
    private long lastOffset;

    /* Guarded by the lock of the magazine. */
    private boolean settled;
    private long bytes;
    private long blocks;
    private long peakBytes;
    private int lowestRow;
    private int highestRow;
    private int settledRows;

    Takings(Magazines magazines, Magazine home, BlockOwner owner, long number) {
        this.magazines = magazines;
        this.home = home;
        this.owner = owner;
        this.number = number;
    }

    /**
     * Takes a block, at an address that is a multiple of 16. What is in it is left of somebody
     * else. Does not wait.
     *
     * @param size bytes, positive
     * @param next a block of the same chain; {@link #NONE}: it is the first
     * @return the block, now the head of the chain; {@link #NONE}: none is to be had this way
     */
    public int take(long size, int next) {
        if (size > SizeClasses.MOST_BYTES) {
            return NONE;
        }
        int sizeClass = SizeClasses.of(size);
        if (home.tryLock()) {
            try {
                if (!settled && home.epoch() == magazines.epoch()) {
                    int row = home.take(sizeClass, number, next);
                    if (row != Magazine.MISS) {
                        took(row);
                        return row;
                    }
                }
            } finally {
                home.unlock();
            }
        }
        return magazines.fetch(this, sizeClass, next);
    }

    /** Address of the block taken last. */
    public long address() {
        return magazines.base() + lastOffset;
    }

    /** Gives a chain of blocks back; nothing happens if the attempt has ended. */
    public void giveBack(int first) {
        int left = NONE;
        home.lock();
        try {
            if (settled) {
                return;
            }
            long most = home.epoch() == magazines.epoch() ? magazines.mostParkedBytes() : 0;
            for (int row = first; row != NONE; ) {
                int next = home.next(row);
                long place = home.place(row);
                if (Place.of(place, home.epoch()) && home.park(row, most)) {
                    gave(place);
                } else {
                    home.next(row, left);
                    left = row;
                }
                row = next;
            }
        } finally {
            home.unlock();
        }
        if (left != NONE) {
            magazines.release(this, left);
        }
    }

    /** Bytes of the blocks it holds, rounding included. */
    public long bytes() {
        home.lock();
        try {
            return bytes;
        } finally {
            home.unlock();
        }
    }

    /** Number of blocks it holds. */
    public long blocks() {
        home.lock();
        try {
            return blocks;
        } finally {
            home.unlock();
        }
    }

    /**
     * The most the owner held at once, through magazines and otherwise, as far as was seen here.
     */
    public long peakBytes() {
        home.lock();
        try {
            return peakBytes;
        } finally {
            home.unlock();
        }
    }

    /** The owner took something otherwise. */
    public void note() {
        home.lock();
        try {
            raisePeak();
        } finally {
            home.unlock();
        }
    }

    /**
     * Keeps a chain of blocks no longer, and tells what they are to the pool, where they are put
     * down to the magazine still, or to the owner since it was settled.
     *
     * @param pool is told each; without a lock
     */
    public void leave(int first, LongConsumer pool) {
        for (int row = first; row != NONE; ) {
            long id;
            home.lock();
            try {
                id = home.id(row);
                int next = home.next(row);
                if (!settled) {
                    gave(home.place(row));
                    home.forget(row);
                }
                row = next;
            } finally {
                home.unlock();
            }
            pool.accept(id);
        }
    }

    /**
     * Ends it: what it holds is put down to the owner, as if it had been taken from the pool
     * itself, and nothing more is taken. Twice does nothing. No lock is held by the caller.
     */
    public void settle() {
        magazines.settle(this);
    }

    /** After {@link #settle}: no chain is used any more. */
    public void finish() {
        home.lock();
        try {
            for (int row = lowestRow; settledRows > 0; row++) {
                row = row(row);
                if (row == NONE) {
                    break;
                }
                home.forget(row);
                settledRows--;
            }
        } finally {
            home.unlock();
        }
    }

    Magazine home() {
        return home;
    }

    BlockOwner owner() {
        return owner;
    }

    long number() {
        return number;
    }

    /* ---- under the lock of the magazine ---- */

    boolean settled() {
        return settled;
    }

    void end() {
        settled = true;
    }

    void took(int row) {
        long place = home.place(row);
        lowestRow = blocks == 0 ? row : Math.min(lowestRow, row);
        highestRow = blocks == 0 ? row : Math.max(highestRow, row);
        lastOffset = Place.offset(place);
        bytes += Place.size(place);
        blocks++;
        raisePeak();
    }

    /** What others note of the owner is seen a moment later; it only raises the peak. */
    private void raisePeak() {
        peakBytes = Math.max(peakBytes, bytes + owner.bytes());
    }

    /** A row of it, from a row on; {@link #NONE}: there is none. */
    int row(int from) {
        return home.rowOf(number, Math.max(from, lowestRow), highestRow);
    }

    /** A row is the owner's own from now on, but known until {@link #finish}. */
    void settled(int row) {
        gave(home.place(row));
        settledRows++;
    }

    boolean holdsAny() {
        return blocks > 0;
    }

    void gave(long place) {
        bytes -= Place.size(place);
        blocks--;
    }
}
