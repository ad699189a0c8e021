// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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
    /** Gives an offset below zero. */
    NEGATIVE(EjectionReason.INVALID_RESULT, Negative::new),
    /** Gives memory that is not aligned as asked for. */
    MISALIGNS(EjectionReason.INVALID_RESULT, Misaligns::new),
    /** Answers with a failure that does not exist. */
    BABBLES(EjectionReason.INVALID_RESULT, Babbles::new),
    /** Throws. */
    THROWS(EjectionReason.EXCEPTION, Throws::new),
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

    private final EjectionReason reason;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor reference
    private final Supplier<AllocationStrategy> made;

    HostileStrategies(EjectionReason reason, Supplier<AllocationStrategy> made) {
        this.reason = reason;
        this.made = made;
    }

    /** From now on they break it, or no more. */
    static void arm(boolean now) {
        armed = now;
    }

    /** What it is to be ejected for. */
    EjectionReason reason() {
        return reason;
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
        private final Map<Long, long[]> blocks = new TreeMap<>();
        private long next;
        private long used;

        long offsetFor(long offset) {
            return offset;
        }

        @Override
        public long allocate(long size, long align, int hint) {
            long rounded = Math.ceilDiv(size, GRANULE) * GRANULE;
            for (Map.Entry<Long, Long> zone : zones.entrySet()) {
                long begin = zone.getKey() + Math.ceilDiv(used, align) * align;
                if (begin + rounded <= zone.getKey() + zone.getValue()) {
                    used = begin + rounded - zone.getKey();
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
            long free = zones.values().stream().mapToLong(Long::longValue).sum() - used;
            long rest = Math.max(0, free);
            return new FragmentationStats(rest, rest, rest == 0 ? 0 : 1, 0);
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
            return armed ? first : offset;
        }
    }

    private static final class LeavesThePool extends Honest {
        @Override
        long offsetFor(long offset) {
            return armed ? 1L << 41 : offset;
        }
    }

    private static final class Negative extends Honest {
        @Override
        long offsetFor(long offset) {
            return armed ? -GRANULE : offset;
        }
    }

    private static final class Misaligns extends Honest {
        @Override
        long offsetFor(long offset) {
            return armed ? offset + 8 : offset;
        }
    }

    private static final class Babbles extends Honest {
        @Override
        public long allocate(long size, long align, int hint) {
            return armed ? -77 : super.allocate(size, align, hint);
        }
    }

    private static final class Throws extends Honest {
        @Override
        public long allocate(long size, long align, int hint) {
            if (armed) {
                throw new IllegalStateException("hostile");
            }
            return super.allocate(size, align, hint);
        }
    }

    private static final class Loses extends Honest {
        @Override
        public void release(long id) {
            super.release(armed ? -1 : id);
        }
    }

    @SuppressWarnings("InfiniteLoopStatement") // that is the crime
    private static final class Spins extends Honest {
        private final AtomicLong spun = new AtomicLong();

        @Override
        public long allocate(long size, long align, int hint) {
            while (armed) {
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
            while (armed) {
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
            for (long end = System.nanoTime() + 1_000_000; armed && System.nanoTime() < end; ) {
                turns.incrementAndGet();
            }
            return super.allocate(size, align, hint);
        }
    }

    private static final class Gorges extends Honest {
        private byte[] meal = new byte[0];

        @Override
        public long allocate(long size, long align, int hint) {
            if (armed) {
                meal = new byte[meal.length == 0 ? 40 << 20 : 41 << 20];
            }
            return super.allocate(size, align, hint);
        }
    }
}
