// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/**
 * Time that passes only when told to. {@link #advance} runs everything that becomes due, in order
 * of time and then of insertion, on the caller's thread; so a run with the same inputs is the same
 * run. Called by one thread at a time.
 */
public final class VirtualClock {
    private record Due(long nanos, long number, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private long nanos;
    private long inserted;
    private Instant utcAtZero;

    /** Monotonic time 0 at 2026-01-01T00:00:00Z. */
    public VirtualClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** Monotonic time 0 at this instant. */
    public VirtualClock(Instant start) {
        utcAtZero = start;
    }

    /** Monotonic time in nanoseconds, from 0. */
    public long nanos() {
        return nanos;
    }

    /** UTC. */
    public Instant instant() {
        return utcAtZero.plusNanos(nanos);
    }

    /** Has an action run when so much time has passed; a zero delay runs at the next advance. */
    public void after(Duration delay, Runnable action) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must be 0 or more, was " + delay);
        }
        agenda.add(new Due(Math.addExact(nanos, delay.toNanos()), inserted++, action));
    }

    /** Lets time pass, and runs what is due on the way, at its time. */
    public void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("time cannot go back by " + span);
        }
        long end = Math.addExact(nanos, span.toNanos());
        for (Due next = agenda.peek(); next != null && next.nanos <= end; next = agenda.peek()) {
            agenda.remove();
            nanos = next.nanos;
            next.action.run();
        }
        nanos = end;
    }

    /** Sets UTC forwards or back; monotonic time and the agenda are not touched. */
    public void jump(Duration step) {
        utcAtZero = utcAtZero.plus(step);
    }
}
