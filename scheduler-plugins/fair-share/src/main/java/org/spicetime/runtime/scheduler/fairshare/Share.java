// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.fairshare;

/**
 * What is kept with a task: its virtual time and its request. Virtual times are in 64ths of a
 * nanosecond for a weight of one. Called by one thread at a time.
 */
final class Share implements Comparable<Share> {
    private static final int SHIFT = 6;

    final long slice;
    long weight;

    /** Virtual time: what it received, by its weight. */
    long time;

    /** Virtual time at which its request is to be served by. */
    long deadline;

    /** Whether it competes: it is queued or runs. */
    boolean active;

    /** What it was owed when it left, in weighted virtual time. */
    long lag;

    /* While it runs. */
    boolean running;
    long since;
    long counted;

    private long rest;
    private long used;

    Share(long slice, long weight) {
        this.slice = slice;
        this.weight = weight;
    }

    static long weighted(long nanos) {
        return nanos << SHIFT;
    }

    static double nanos(double weighted) {
        return weighted / (1 << SHIFT);
    }

    /** It ran for so long; how far that took its virtual time. */
    long use(long nanos) {
        long way = weighted(nanos) + rest;
        long virtual = Math.floorDiv(way, weight);
        rest = Math.floorMod(way, weight);
        time += virtual;
        used = Math.max(0, used + nanos);
        if (used >= slice) {
            used %= slice;
            request();
        }
        return virtual;
    }

    /** What is left of the present request. */
    long left() {
        return slice - used;
    }

    /** Sets the deadline of the present request. */
    void request() {
        deadline = time + weighted(left()) / weight;
    }

    @Override
    public int compareTo(Share other) {
        return Long.compare(time, other.time);
    }
}
