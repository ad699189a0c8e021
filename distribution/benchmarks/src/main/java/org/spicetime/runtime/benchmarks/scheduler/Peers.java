// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What people would otherwise use, each in its usual way. */
final class Peers {
    static final String ORDERED = "ThreadPoolExecutor+PriorityBlockingQueue";
    static final String PLAIN = "ThreadPoolExecutor";
    static final String FORK_JOIN = "ForkJoinPool";
    static final String DISRUPTOR = "Disruptor";
    static final String VIRTUAL = "virtual threads";

    private static final int RING = 1 << 15;

    private Peers() {}

    /** A pool whose queue orders tasks by level, equals first come, first served. */
    static Target ordered(int workers) {
        AtomicLong arrivals = new AtomicLong();
        ExecutorService pool = pool(workers, new PriorityBlockingQueue<>(RING));
        return new Pool(ORDERED, pool) {
            @Override
            public void submit(Runnable task, int level) {
                pool.execute(new Ordered(task, level, arrivals.getAndIncrement()));
            }
        };
    }

    /** A pool as {@link Executors#newFixedThreadPool} makes it. */
    static Target plain(int workers) {
        return new Pool(PLAIN, pool(workers, new LinkedBlockingQueue<>()));
    }

    /** A fork-join pool in asynchronous mode. */
    static Target forkJoin(int workers) {
        return new Pool(
                FORK_JOIN,
                new ForkJoinPool(
                        workers, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true));
    }

    /** A virtual thread per task on the scheduler of the JDK. */
    static Target virtual() {
        return new Pool(VIRTUAL, Executors.newVirtualThreadPerTaskExecutor());
    }

    /** A ring with one consumer per worker, each takes its share of the sequences. */
    static Target disruptor(int workers) {
        return new Ring(workers);
    }

    private static ExecutorService pool(int workers, BlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, queue);
    }

    private record Ordered(Runnable task, int level, long arrival)
            implements Runnable, Comparable<Ordered> {
        @Override
        public void run() {
            task.run();
        }

        @Override
        public int compareTo(Ordered other) {
            return level == other.level
                    ? Long.compare(arrival, other.arrival)
                    : Integer.compare(other.level, level);
        }
    }

    private static class Pool implements Target {
        private final String name;
        private final ExecutorService pool;

        Pool(String name, ExecutorService pool) {
            this.name = name;
            this.pool = pool;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void submit(Runnable task, int level) {
            pool.execute(task);
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    private static final class Slot {
        @Nullable Runnable task;
    }

    private static final class Ring implements Target {
        private final Disruptor<Slot> ring;

        @SuppressWarnings({"unchecked", "rawtypes"})
        Ring(int workers) {
            ring =
                    new Disruptor<>(
                            Slot::new,
                            RING,
                            Executors.defaultThreadFactory(),
                            ProducerType.MULTI,
                            new BlockingWaitStrategy());
            EventHandler<Slot>[] consumers = new EventHandler[workers];
            for (int i = 0; i < workers; i++) {
                int share = i;
                consumers[i] =
                        (slot, sequence, last) -> {
                            Runnable task = slot.task;
                            if (sequence % workers == share && task != null) task.run();
                        };
            }
            ring.handleEventsWith(consumers);
            ring.start();
        }

        @Override
        public String name() {
            return DISRUPTOR;
        }

        @Override
        public void submit(Runnable task, int level) {
            ring.getRingBuffer().publishEvent((slot, sequence, what) -> slot.task = what, task);
        }

        @Override
        public void close() {
            ring.shutdown();
        }
    }
}
