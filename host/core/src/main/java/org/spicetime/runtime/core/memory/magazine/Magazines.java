// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.magazine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.kernel.memory.BlockOwner;

/*
 * J. Bonwick, J. Adams: Magazines and Vmem: Extending the Slab Allocator to Many CPUs and Arbitrary
 * Resources. USENIX Annual Technical Conference, 2001. There a full magazine is exchanged for an empty
 * one; here half a class goes back to the pool. The classes are those of jemalloc (J. Evans: A Scalable
 * Concurrent malloc(3) Implementation for FreeBSD. BSDCan, 2006).
 *
 * Order of locks: that of the pool, then that of a magazine. Strategies are called under the first only.
 * Every block of a magazine, parked or lent, is claimed in the plan of the pool, so a block that is there
 * is handed out without asking whether there is room. After a change of strategy or size the epoch is
 * another: blocks of the former one are not parked any more, and who comes to the pool next takes out
 * those that are.
 */
/**
 * The magazines of one pool: blocks kept ready for each worker, so that memory that comes and goes
 * does not pass the lock of the pool. Thread-safe.
 */
public final class Magazines {
    private static final int PREFETCHED = 3;
    private static final long PREFETCHED_BYTES = 4096;
    private static final int ROWS_PER_STEP = 1024;

    /** Of the pool, one magazine parks at most this part. */
    private static final int PART_OF_POOL = 64;

    private final Depot depot;
    private final AtomicReferenceArray<@Nullable Magazine> magazines;
    private final AtomicLong takings = new AtomicLong();
    private volatile int epoch;
    private volatile long base;
    private volatile long mostParkedBytes;

    /* Guarded by the lock of the pool. */
    private boolean held;
    private final long[] ids = new long[Magazine.SLOTS];

    /**
     * Empty magazines.
     *
     * @param depot the pool
     * @param workers threads that use it at a time, about
     */
    public Magazines(Depot depot, int workers) {
        this.depot = depot;
        magazines =
                new AtomicReferenceArray<>(
                        Integer.highestOneBit(Math.clamp(2L * workers - 1, 1, 32)) << 1);
    }

    /**
     * For an attempt on the calling thread.
     *
     * @param owner its account; it must not have a quota of its own
     */
    public Takings open(BlockOwner owner) {
        int at = (int) Thread.currentThread().threadId() & magazines.length() - 1;
        @Nullable Magazine home = magazines.get(at);
        if (home == null) {
            magazines.compareAndSet(at, null, new Magazine(epoch));
            home = magazines.get(at);
        }
        if (home == null) {
            throw new IllegalStateException("magazines do not go away");
        }
        return new Takings(this, home, owner, takings.incrementAndGet());
    }

    /**
     * Bytes of parked blocks. With the lock of the pool it stands still but for hits and parking.
     */
    public long parkedBytes() {
        long bytes = 0;
        for (int i = 0; i < magazines.length(); i++) {
            @Nullable Magazine magazine = magazines.get(i);
            bytes += magazine == null ? 0 : magazine.parkedBytes();
        }
        return bytes;
    }

    /** How often a block was there and the pool was not asked. */
    public long hits() {
        long hits = 0;
        for (int i = 0; i < magazines.length(); i++) {
            @Nullable Magazine magazine = magazines.get(i);
            hits += magazine == null ? 0 : magazine.hits();
        }
        return hits;
    }

    /** Strategy or size are others now: what is parked goes back with the next who comes. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void renew() {
        epoch++;
        mostParkedBytes = 0;
    }

    /** Gives everything that is parked back to the pool. */
    public void drain() {
        depot.locked(() -> {
            drainInside();
            return 0;
        });
    }

    /** As {@link #drain}, by one who has the lock of the pool. */
    public void drainInside() {
        for (int i = 0; i < magazines.length(); i++) {
            @Nullable Magazine magazine = magazines.get(i);
            if (magazine != null) {
                drain(magazine);
            }
        }
    }

    /**
     * Parks nothing from now on, or does again: while somebody waits for room, what is released has
     * to be seen. By one who has the lock of the pool.
     */
    public void hold(boolean holds) {
        held = holds;
        mostParkedBytes = 0;
        if (holds) {
            drainInside();
        }
    }

    int epoch() {
        return epoch;
    }

    long base() {
        return base;
    }

    long mostParkedBytes() {
        return mostParkedBytes;
    }

    /** Takes a block from the pool, and some more of its class to be there next time. */
    int fetch(Takings taker, int sizeClass, int next) {
        return (int) depot.locked(() -> fetchInside(taker, sizeClass, next));
    }

    private int fetchInside(Takings taker, int sizeClass, int next) {
        if (!depot.suits()) {
            return Takings.NONE;
        }
        drainStale();
        base = depot.base();
        mostParkedBytes = held ? 0 : depot.totalBytes() / PART_OF_POOL;
        Magazine home = taker.home();
        long bytes = SizeClasses.bytes(sizeClass);
        long id = depot.allocate(home.owner(), bytes);
        if (id < 0 && parkedBytes() > 0) {
            drainInside();
            id = depot.allocate(home.owner(), bytes);
        }
        if (id < 0) {
            return Takings.NONE;
        }
        int more = prefetch(home, sizeClass);
        int row = Takings.NONE;
        int parked = 0;
        home.lock();
        try {
            if (!taker.settled() && depot.size(id) <= Place.MOST_BYTES) {
                row = home.lend(id, place(id, sizeClass), taker.number(), next);
                taker.took(row);
            }
            while (parked < more
                    && depot.size(ids[parked]) <= Place.MOST_BYTES
                    && home.park(ids[parked], place(ids[parked], sizeClass), mostParkedBytes)) {
                parked++;
            }
        } finally {
            home.unlock();
        }
        for (; parked < more; parked++) {
            depot.release(ids[parked]);
        }
        if (row == Takings.NONE) {
            depot.release(id);
        }
        return row;
    }

    private int prefetch(Magazine home, int sizeClass) {
        long bytes = SizeClasses.bytes(sizeClass);
        int more = 0;
        if (bytes <= PREFETCHED_BYTES
                && home.hits() > 0
                && depot.availableBytes() > depot.totalBytes() / 2
                && PREFETCHED * bytes + home.parkedBytes() <= mostParkedBytes) {
            while (more < PREFETCHED) {
                long id = depot.allocate(home.owner(), bytes);
                if (id < 0) {
                    break;
                }
                ids[more++] = id;
            }
        }
        return more;
    }

    private long place(long id, int sizeClass) {
        return Place.of(depot.offset(id), depot.size(id), sizeClass, epoch);
    }

    /** Releases a chain of blocks that could not be parked, and half of what is in their way. */
    void release(Takings taker, int first) {
        depot.locked(() -> {
            for (int row = first; row != Takings.NONE; ) {
                row = releaseInside(taker, row);
            }
            return 0;
        });
    }

    private int releaseInside(Takings taker, int row) {
        Magazine home = taker.home();
        long id;
        int next;
        int unparked = 0;
        home.lock();
        try {
            if (taker.settled()) {
                return Takings.NONE;
            }
            long place = home.place(row);
            int sizeClass = Place.sizeClass(place);
            id = home.id(row);
            next = home.next(row);
            home.forget(row);
            taker.gave(place);
            if (home.parkedBlocks(sizeClass) == Magazine.SLOTS) {
                while (unparked < Magazine.SLOTS / 2) {
                    ids[unparked++] = home.unpark(sizeClass);
                }
            }
        } finally {
            home.unlock();
        }
        depot.release(id);
        releaseIds(unparked);
        return next;
    }

    private void drainStale() {
        for (int i = 0; i < magazines.length(); i++) {
            @Nullable Magazine magazine = magazines.get(i);
            if (magazine != null && magazine.epoch() != epoch) {
                drain(magazine);
                magazine.lock();
                try {
                    magazine.begin(epoch);
                } finally {
                    magazine.unlock();
                }
            }
        }
    }

    private void drain(Magazine magazine) {
        for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
            int taken = 0;
            magazine.lock();
            try {
                while (magazine.parkedBlocks(sizeClass) > 0) {
                    ids[taken++] = magazine.unpark(sizeClass);
                }
            } finally {
                magazine.unlock();
            }
            releaseIds(taken);
        }
    }

    private void releaseIds(int count) {
        for (int i = 0; i < count; i++) {
            depot.release(ids[i]);
        }
    }

    /** Puts the blocks of an attempt down to its own account, in steps. */
    void settle(Takings taker) {
        long from = 0;
        while (from != Magazine.END) {
            long start = from;
            from = depot.locked(() -> settleSome(taker, (int) start));
        }
    }

    private int settleSome(Takings taker, int from) {
        Magazine home = taker.home();
        home.lock();
        try {
            taker.end();
            int row = from;
            for (int done = 0; taker.holdsAny(); done++) {
                row = taker.row(row);
                if (row == Magazine.END || done == ROWS_PER_STEP) {
                    return row;
                }
                depot.handOver(home.id(row), taker.owner());
                taker.settled(row);
                row++;
            }
            return Magazine.END;
        } finally {
            home.unlock();
        }
    }
}
