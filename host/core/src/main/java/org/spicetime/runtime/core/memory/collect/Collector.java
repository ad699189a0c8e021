// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.collect;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of the host that collects pools of its own accord. It looks at each pool whose
 * configuration wants that about ten times a second, sleeps while there is none, and takes them one
 * after the other. Thread-safe.
 */
public final class Collector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
    private static final long JOIN_MILLIS = 5_000;

    private final Collection<PoolCollector> pools = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    /** Starts the thread. */
    public Collector() {
        thread = Thread.ofPlatform().daemon().name("domain-runtime-collector").unstarted(this::run);
        thread.start();
    }

    /** Looks after a pool, until it has ended. */
    public void add(PoolCollector pool) {
        pools.add(pool);
        wake();
    }

    /** Looks after a pool no longer. */
    public void remove(PoolCollector pool) {
        pools.remove(pool);
    }

    /** Looks at all pools now, as after a change of their configuration. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Whether its thread has ended. */
    boolean ended() {
        return !thread.isAlive();
    }

    private void run() {
        while (!closed) {
            long next = Long.MAX_VALUE;
            for (PoolCollector pool : pools) {
                if (closed) {
                    return;
                }
                next = Math.min(next, look(pool));
            }
            if (next == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, next);
            }
        }
    }

    private long look(PoolCollector pool) {
        if (pool.ended()) {
            pools.remove(pool);
            return Long.MAX_VALUE;
        }
        try {
            return pool.look(() -> closed);
        } catch (RuntimeException failed) {
            LOG.warn("a collection ended early; the next is tried in a second", failed);
            return TimeUnit.SECONDS.toNanos(1);
        }
    }

    /** Ends the thread after the step it is in. */
    @Override
    public void close() {
        closed = true;
        wake();
        boolean interrupted = false;
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (thread.isAlive()) {
            LOG.warn("the collector did not end within {} ms", JOIN_MILLIS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
