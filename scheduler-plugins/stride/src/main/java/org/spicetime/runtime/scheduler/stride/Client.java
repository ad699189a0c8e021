// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.stride;

/** What is kept with a task. Called by one thread at a time. */
final class Client {
    /** Pass of one whole slice of a task with one ticket. */
    static final long STRIDE_1 = 1L << 20;

    /** Time beyond which one slice counts no more, so that nothing overflows: over an hour. */
    private static final long MOST = 1L << 42;

    private final long slice;
    private long tickets;
    private boolean active;

    /* On the common track; while it does not compete, what it is ahead of it. */
    private long pass;

    /* Of the division by slice and tickets; with it shares are exact in the long run. */
    private long rest;

    /** With its own stride as its first pass. */
    Client(long slice, long tickets) {
        this.slice = slice;
        this.tickets = tickets;
        use(slice);
    }

    long tickets() {
        return tickets;
    }

    long pass() {
        return pass;
    }

    /** Whether it competes: it is queued or runs. */
    boolean active() {
        return active;
    }

    void join(long global) {
        active = true;
        pass += global;
    }

    void leave(long global) {
        active = false;
        pass = Math.max(pass - global, -STRIDE_1 / tickets);
    }

    /** It ran for so long. */
    void use(long nanos) {
        long whole = slice * tickets;
        long way = Math.min(nanos, MOST) * STRIDE_1 + rest;
        pass += way / whole;
        rest = way % whole;
    }

    /** Other tickets; what it is ahead shrinks or grows as its stride does. Not while active. */
    void tickets(long other) {
        pass = pass * tickets / other;
        tickets = other;
        rest = 0;
    }
}
