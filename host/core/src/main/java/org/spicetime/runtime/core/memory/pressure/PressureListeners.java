// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.pressure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.memory.MemoryPressure;
import org.spicetime.runtime.api.memory.PressureListener;

/**
 * The services that are told of pressure, each on a thread of its own: who is slow or throws is
 * reported and costs the others nothing. Thread-safe; {@link #tell} is called by one thread at a
 * time.
 */
public final class PressureListeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PressureListeners.class);
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final List<Seat> seats = new CopyOnWriteArrayList<>();

    /** One listener. */
    private static final class Seat {
        final PressureListener listener;
        final ThreadPoolExecutor thread;

        /* A call was handed over and has not returned. */
        final AtomicBoolean busy = new AtomicBoolean();

        /* The thread of the call under way. */
        volatile @Nullable Thread caller;

        Seat(PressureListener listener) {
            this.listener = listener;
            thread =
                    new ThreadPoolExecutor(
                            1,
                            1,
                            IDLE.toMillis(),
                            TimeUnit.MILLISECONDS,
                            new LinkedBlockingQueue<>(),
                            Thread.ofPlatform()
                                    .daemon()
                                    .inheritInheritableThreadLocals(false)
                                    .name("memory-pressure-" + name())
                                    .factory());
            thread.allowCoreThreadTimeOut(true);
        }

        String name() {
            return listener.getClass().getName();
        }

        void call(MemoryPressure pressure) {
            caller = Thread.currentThread();
            try {
                listener.pressureChanged(pressure);
            } finally {
                caller = null;
                busy.set(false);
            }
        }

        /** Whether there was a call to interrupt: under load it may not have begun. */
        boolean interrupt() {
            Thread running = caller;
            if (running != null) {
                running.interrupt();
            }
            return running != null;
        }
    }

    /** Tells this one from now on. */
    public void add(PressureListener listener) {
        seats.add(new Seat(listener));
    }

    /** Tells this one no more; a call under way is interrupted. */
    public void remove(PressureListener listener) {
        seats.removeIf(seat -> {
            boolean gone = seat.listener.equals(listener);
            if (gone) {
                seat.thread.shutdownNow();
            }
            return gone;
        });
    }

    /**
     * Tells all listeners, and waits for them as long as they may take.
     *
     * @return those that were told and returned in time
     */
    public int tell(MemoryPressure pressure) {
        Map<Seat, Future<?>> calls = new LinkedHashMap<>();
        for (Seat seat : seats) {
            if (seat.busy.compareAndSet(false, true)) {
                submit(seat, pressure, calls);
            } else {
                LOG.warn(
                        "domain={} pressure listener {} is not told of {}: it has not returned from"
                                + " an earlier call",
                        pressure.domain(),
                        seat.name(),
                        pressure.level());
            }
        }
        long until =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PressureListener.LIMIT_MILLIS);
        int inTime = 0;
        for (Map.Entry<Seat, Future<?>> call : calls.entrySet()) {
            long left = Math.max(1, until - System.nanoTime());
            if (returned(call.getKey(), call.getValue(), pressure.domain(), left)) {
                inTime++;
            }
        }
        return inTime;
    }

    private static void submit(Seat seat, MemoryPressure pressure, Map<Seat, Future<?>> calls) {
        try {
            calls.put(seat, seat.thread.submit(() -> seat.call(pressure)));
        } catch (RejectedExecutionException removedMeanwhile) {
            LOG.debug("pressure listener {} has left", seat.name(), removedMeanwhile);
        }
    }

    private static boolean returned(Seat seat, Future<?> call, DomainId domain, long nanos) {
        try {
            call.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException slow) {
            if (seat.interrupt()) {
                LOG.warn(
                        "domain={} pressure listener {} took longer than {} ms and was interrupted",
                        domain,
                        seat.name(),
                        PressureListener.LIMIT_MILLIS);
            }
        } catch (ExecutionException threw) {
            LOG.warn(
                    "domain={} pressure listener {} failed", domain, seat.name(), threw.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Override
    public void close() {
        seats.forEach(seat -> seat.thread.shutdownNow());
        seats.clear();
    }
}
