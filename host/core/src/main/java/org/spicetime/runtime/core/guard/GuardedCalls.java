// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.guard;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.poll.Poll;
import org.spicetime.runtime.kernel.guard.CallFault;
import org.spicetime.runtime.kernel.guard.CallMeter;

/*
 * One word tells all that the watchdog needs: 0 between calls, n > 0 in the n-th call, -n when the
 * n-th call is condemned. The caller puts it up and down, the watchdog alone makes it negative; both
 * by compare-and-set, so a call is either over or condemned, never both. It needs no clock: a word
 * that two looks find the same has been there since the first.
 */
/**
 * The meter of one seat: tells the watchdog which call is under way, and judges what calls cost.
 * Its calls are guarded by the lock of the seat; what the watchdog asks is thread-safe.
 */
public final class GuardedCalls implements CallMeter {
    private final String seat;
    private final CallCosts costs;

    private final AtomicLong word = new AtomicLong();

    /* Published by the word. */
    private @Nullable Thread caller;
    private String call = "";
    private int items;

    /* Of the caller. */
    private long count;

    /* Guarded by this. */
    private @Nullable CallFault verdict;

    /** What the watchdog remembers of this seat; used by its thread alone. */
    final Observation seen = new Observation();

    GuardedCalls(String seat, GuardLimits limits, boolean bounded) {
        this.seat = seat;
        costs = new CallCosts(limits, bounded);
    }

    /** Whose calls. */
    String seat() {
        return seat;
    }

    @Override
    public void renewed() {
        costs.renew();
    }

    @Override
    public void enter(String name, int things) {
        caller = Thread.currentThread();
        call = name;
        items = things;
        costs.begin(things);
        word.setRelease(++count);
    }

    @Override
    public @Nullable CallFault leave() {
        return word.compareAndSet(count, 0L) ? costs.end(call) : condemned();
    }

    @Override
    public @Nullable CallFault leave(long calls) {
        return word.compareAndSet(count, 0L) ? costs.end(call, calls) : condemned();
    }

    @Override
    public void at(String name) {
        call = name;
    }

    private synchronized @Nullable CallFault condemned() {
        Poll.pardon(Thread.currentThread());
        // The interrupt that was to end the call must not outlive it.
        boolean cleared = Thread.interrupted();
        CallFault fault = verdict;
        verdict = null;
        word.setRelease(0L);
        return fault == null && cleared ? null : fault;
    }

    /* ---- for the watchdog ---- */

    /** The call under way; 0: none; negative: it is condemned. */
    long present() {
        return word.getAcquire();
    }

    /** Who is in the call that was just read. */
    @Nullable Thread caller() {
        return caller;
    }

    String call() {
        return call;
    }

    int items() {
        return items;
    }

    /** Ends a call, if it still lasts: its polls throw, and what it waits for is interrupted. */
    synchronized boolean condemn(long number, Thread thread, CallFault fault) {
        if (!word.compareAndSet(number, -number)) {
            return false;
        }
        verdict = fault;
        Poll.condemn(thread);
        thread.interrupt();
        return true;
    }

    /** Interrupts a condemned call once more: it may have begun to wait again. */
    synchronized void remind(long number, Thread thread) {
        if (present() == -number) {
            thread.interrupt();
        }
    }

    /** What the watchdog knows of a call that lasts. */
    static final class Observation {
        long number;
        long firstCpu;
        long lastCpu;
        long waited;
        long silent;
        long ran;
        long condemnedNanos;
        boolean reported;
    }
}
