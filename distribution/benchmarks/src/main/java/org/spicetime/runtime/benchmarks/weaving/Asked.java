// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.weaving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.spicetime.runtime.core.poll.PollContext;

/**
 * Is asked to give way once a millisecond while that is switched on, and notes how long it took to
 * the poll. Its readings belong to the thread that polls.
 */
final class Asked extends PollContext implements AutoCloseable {
    private static final long PERIOD_NANOS = 1_000_000;

    private final Thread asking;
    private volatile boolean on;
    private volatile boolean over;
    private volatile long askedAt;
    private final List<Double> micros = new ArrayList<>();
    private final List<Double> undisturbed = new ArrayList<>();
    private long delay;

    Asked() {
        asking = new Thread(this::ask, "benchmark-asks");
        asking.setDaemon(true);
        asking.start();
    }

    private void ask() {
        while (!over) {
            LockSupport.parkNanos(PERIOD_NANOS);
            if (on && askedAt == 0) {
                askedAt = System.nanoTime();
                askGiveWay();
            }
        }
    }

    /** Whether it is asked from now on. */
    void on(boolean wanted) {
        on = wanted;
    }

    /** Microseconds from asking to the poll. */
    List<Double> micros() {
        return List.copyOf(micros);
    }

    /**
     * The same, of those since whose predecessor the polling thread never waited for a processor.
     */
    List<Double> undisturbedMicros() {
        return List.copyOf(undisturbed);
    }

    @Override
    protected void giveWay() {
        long now = System.nanoTime();
        quiet();
        if (askedAt != 0) {
            double taken = (now - askedAt) / 1000.0;
            micros.add(taken);
            long before = delay;
            delay = runDelay();
            if (delay == before) undisturbed.add(taken);
            askedAt = 0;
        }
    }

    /** Nanoseconds that the thread was ready and had no processor, as Linux counts them. */
    private static long runDelay() {
        try {
            String all = Files.readString(Path.of("/proc/thread-self/schedstat"));
            return Long.parseLong(all.trim().split(" ")[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected RuntimeException ending() {
        return new IllegalStateException("nobody asks a benchmark to end");
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(asking);
    }
}
