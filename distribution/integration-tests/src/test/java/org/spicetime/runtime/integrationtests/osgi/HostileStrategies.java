// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.memory.AllocationFailure;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;

/**
 * Strategies that keep their contract, so that they pass the trial, until they are armed.
 * Immutable, the trigger aside.
 */
enum HostileStrategies implements AllocationStrategyFactory {
    /** Gives memory that another block holds. */
    OVERLAPS(EjectionReason.INVALID_RESULT, Overlaps::new),
    /** Gives memory outside of its zones. */
    LEAVES(EjectionReason.INVALID_RESULT, LeavesThePool::new),
    /** Gives memory of a zone that it was not given. */
    STRAYS(EjectionReason.INVALID_RESULT, Strays::new),
    /** Gives less than was asked for. */
    SHORTENS(EjectionReason.INVALID_RESULT, Shortens::new),
    /** Gives the id of a live block to another one. */
    REUSES(EjectionReason.INVALID_RESULT, Reuses::new),
    /** Tells of more free memory than there is. */
    LIES(EjectionReason.INVALID_RESULT, Lies::new),
    /** Shows an audit a block that does not live. */
    INVENTS(EjectionReason.INVALID_RESULT, Invents::new),
    /** Shows an audit none of its blocks. */
    HIDES(EjectionReason.LOST, Hides::new),
    /** Gives an offset below zero. */
    NEGATIVE(EjectionReason.INVALID_RESULT, Negative::new),
    /** Gives memory that is not aligned as asked for. */
    MISALIGNS(EjectionReason.INVALID_RESULT, Misaligns::new),
    /** Answers with a failure that does not exist. */
    BABBLES(EjectionReason.INVALID_RESULT, Babbles::new),
    /** Throws. */
    THROWS(EjectionReason.EXCEPTION, Throws::new),
    /** Calls itself until the stack is full. */
    OVERFLOWS(EjectionReason.EXCEPTION, Overflows::new),
    /** Runs out of heap. */
    EXHAUSTS(EjectionReason.RESOURCE_ABUSE, Exhausts::new),
    /** Does not know its own blocks any more. */
    LOSES(EjectionReason.LOST, Loses::new),
    /** Spins for ever, and catches whatever is to stop it. */
    SPINS(EjectionReason.HUNG, Spins::new),
    /** Waits for a lock that nobody gives back. */
    WAITS(EjectionReason.HUNG, Waits::new),
    /** Takes a millisecond for each block. */
    CRAWLS(EjectionReason.SLOW, Crawls::new),
    /** Allocates forty megabytes on the heap for each block. */
    GORGES(EjectionReason.RESOURCE_ABUSE, Gorges::new);

    static final long GRANULE = 64;

    private static volatile boolean armed;
    private static volatile @Nullable Instant brokenSince;

    private final EjectionReason reason;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor reference
    private final Supplier<AllocationStrategy> made;

    HostileStrategies(EjectionReason reason, Supplier<AllocationStrategy> made) {
        this.reason = reason;
        this.made = made;
    }

    /** From now on they break it, or no more. */
    static void arm(boolean now) {
        brokenSince = null;
        armed = now;
    }

    /** When the first of them broke it since they were armed; null: none has. */
    static @Nullable Instant brokenSince() {
        return brokenSince;
    }

    /* Asked where it is about to be broken. */
    private static boolean isArmed() {
        if (armed && brokenSince == null) {
            brokenSince = Instant.now();
        }
        return armed;
    }

    /**
     * What it may be ejected for: whoever floods the heap may be late first, for its collection.
     */
    Set<EjectionReason> reasons() {
        return this == GORGES ? Set.of(reason, EjectionReason.HUNG) : Set.of(reason);
    }

    @Override
    public StrategyDescriptor descriptor() {
        return new StrategyDescriptor(
                "TEST_" + name(),
                "1.0.0",
                "Breaks its contract.",
                false,
                GRANULE,
                1L << 40,
                1L << 30,
                false,
                Concurrency.SINGLE,
                List.of());
    }

    @Override
    public AllocationStrategy create(Geometry geometry, Options options) {
        return made.get();
    }

    /** Never uses memory twice: enough for a test, and as the contract has it. */
    private static class Honest implements AllocationStrategy {
        private final TreeMap<Long, Long> zones = new TreeMap<>();

        /** Up to where each zone was used. */
        private final TreeMap<Long, Long> cursors = new TreeMap<>();

        private final TreeMap<Long, long[]> blocks = new TreeMap<>();
        private long next;

        long offsetFor(long offset) {
            return offset;
        }

        @Override
        public long allocate(long size, long align, int hint) {
            long rounded = Math.ceilDiv(size, GRANULE) * GRANULE;
            for (Map.Entry<Long, Long> zone : zones.entrySet()) {
                long begin =
                        Math.ceilDiv(cursors.getOrDefault(zone.getKey(), zone.getKey()), align)
                                * align;
                if (begin + rounded <= zone.getKey() + zone.getValue()) {
                    cursors.put(zone.getKey(), begin + rounded);
                    blocks.put(next, new long[] {offsetFor(begin), rounded});
                    return next++;
                }
            }
            return AllocationFailure.NO_SPACE.result();
        }

        @Override
        public void release(long id) {
            if (blocks.remove(id) == null) {
                throw new IllegalArgumentException("no block " + id);
            }
        }

        @Override
        public long offset(long id) {
            return block(id)[0];
        }

        @Override
        public long size(long id) {
            return block(id)[1];
        }

        /** Puts the block of an id under the lowest one that lives. */
        long again(long id) {
            long first = blocks.firstKey();
            blocks.put(first, block(id));
            return first;
        }

        private long[] block(long id) {
            long[] block = blocks.get(id);
            if (block == null) {
                throw new IllegalArgumentException("no block " + id);
            }
            return block;
        }

        @Override
        public void addZone(long offset, long length) {
            zones.put(offset, length);
            cursors.put(offset, offset);
        }

        @Override
        public boolean dropZone(long offset) {
            boolean empty = blocks.isEmpty();
            if (empty) {
                zones.remove(offset);
            }
            return empty;
        }

        @Override
        public FragmentationStats stats() {
            long free = 0;
            long largest = 0;
            for (Map.Entry<Long, Long> zone : zones.entrySet()) {
                long rest =
                        zone.getKey()
                                + zone.getValue()
                                - cursors.getOrDefault(zone.getKey(), zone.getKey());
                free += rest;
                largest = Math.max(largest, rest);
            }
            return new FragmentationStats(free, largest, free == 0 ? 0 : 1, 0);
        }

        @Override
        public void forEachBlock(BlockVisitor visitor) {
            blocks.forEach((id, block) -> visitor.visit(id, block[0], block[1]));
        }
    }

    private static final class Overlaps extends Honest {
        private long first = -1;

        @Override
        long offsetFor(long offset) {
            if (first < 0) {
                first = offset;
            }
            return isArmed() ? first : offset;
        }
    }

    private static final class LeavesThePool extends Honest {
        @Override
        long offsetFor(long offset) {
            return isArmed() ? 1L << 41 : offset;
        }
    }

    private static final class Strays extends Honest {
        /** Where the reserve of the pool begins, which nobody was given. */
        @Override
        long offsetFor(long offset) {
            return isArmed() ? DomainProbe.POOL_BYTES : offset;
        }
    }

    private static final class Shortens extends Honest {
        @Override
        public long size(long id) {
            return isArmed() ? 16 : super.size(id);
        }
    }

    private static final class Reuses extends Honest {
        @Override
        public long allocate(long size, long align, int hint) {
            long id = super.allocate(size, align, hint);
            return id > 0 && isArmed() ? again(id) : id;
        }
    }

    private static final class Lies extends Honest {
        @Override
        public FragmentationStats stats() {
            return isArmed() ? new FragmentationStats(1L << 50, 1L << 49, 2, 0) : super.stats();
        }
    }

    private static final class Invents extends Honest {
        @Override
        public void forEachBlock(BlockVisitor visitor) {
            super.forEachBlock(visitor);
            if (isArmed()) {
                visitor.visit(1L << 30, 8L << 20, GRANULE);
            }
        }
    }

    private static final class Hides extends Honest {
        @Override
        public void forEachBlock(BlockVisitor visitor) {
            if (!isArmed()) {
                super.forEachBlock(visitor);
            }
        }
    }

    private static final class Overflows extends Honest {
        @Override
        @SuppressWarnings("InfiniteRecursion") // that is the crime
        public long allocate(long size, long align, int hint) {
            return isArmed() ? allocate(size, align, hint) + 1 : super.allocate(size, align, hint);
        }
    }

    private static final class Exhausts extends Honest {
        @Override
        public long allocate(long size, long align, int hint) {
            if (isArmed()) {
                throw new OutOfMemoryError("hostile");
            }
            return super.allocate(size, align, hint);
        }
    }

    private static final class Negative extends Honest {
        @Override
        long offsetFor(long offset) {
            return isArmed() ? -GRANULE : offset;
        }
    }

    private static final class Misaligns extends Honest {
        @Override
        long offsetFor(long offset) {
            return isArmed() ? offset + 8 : offset;
        }
    }

    private static final class Babbles extends Honest {
        @Override
        public long allocate(long size, long align, int hint) {
            return isArmed() ? -77 : super.allocate(size, align, hint);
        }
    }

    private static final class Throws extends Honest {
        @Override
        public long allocate(long size, long align, int hint) {
            if (isArmed()) {
                throw new IllegalStateException("hostile");
            }
            return super.allocate(size, align, hint);
        }
    }

    private static final class Loses extends Honest {
        @Override
        public void release(long id) {
            super.release(isArmed() ? -1 : id);
        }
    }

    @SuppressWarnings("InfiniteLoopStatement") // that is the crime
    private static final class Spins extends Honest {
        private final AtomicLong spun = new AtomicLong();

        @Override
        public long allocate(long size, long align, int hint) {
            while (isArmed()) {
                try {
                    while (true) {
                        spun.incrementAndGet();
                    }
                } catch (Throwable swallowed) {
                    spun.set(0);
                }
            }
            return super.allocate(size, align, hint);
        }
    }

    private static final class Waits extends Honest {
        private final AtomicLong woken = new AtomicLong();
        private final CountDownLatch never = new CountDownLatch(1);

        @Override
        public long allocate(long size, long align, int hint) {
            while (isArmed()) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    woken.incrementAndGet();
                }
            }
            return super.allocate(size, align, hint);
        }
    }

    private static final class Crawls extends Honest {
        private final AtomicLong turns = new AtomicLong();

        @Override
        public long allocate(long size, long align, int hint) {
            for (long end = System.nanoTime() + 1_000_000; isArmed() && System.nanoTime() < end; ) {
                turns.incrementAndGet();
            }
            return super.allocate(size, align, hint);
        }
    }

    private static final class Gorges extends Honest {
        private byte[] meal = new byte[0];

        @Override
        public long allocate(long size, long align, int hint) {
            if (isArmed()) {
                meal = new byte[meal.length == 0 ? 40 << 20 : 41 << 20];
            }
            return super.allocate(size, align, hint);
        }
    }
}
