// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.guard;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.kernel.guard.CallFault;

/*
 * Clocks cost more than most calls, so calls are sampled: the allocation and the time that passes, of
 * the first calls and of each 64th. One that took long starts a close look at the calls that follow,
 * with the clock of the processor.
 */
/**
 * What the calls into one plugin instance cost, and whether that is too much. Guarded by the lock
 * of the seat.
 */
final class CallCosts {
    private final GuardLimits limits;
    private final long slowNanos;
    private final long tailNanos;
    private final long[] window = new long[GuardLimits.WINDOW];

    private int firstCalls = GuardLimits.ALLOCATION_WINDOW;
    private int sinceSample;
    private int closeLook;
    private int slowWindows;
    private int tailLook;
    private int tailCalls;
    private int tailWindows;
    private long bytesInWindow;
    private int callsInWindow;

    private boolean measured;
    private boolean byProcessor;
    private long startBytes;
    private long startNanos;

    CallCosts(GuardLimits limits, boolean bounded) {
        this.limits = limits;
        slowNanos = limits.slow().toNanos();
        tailNanos = bounded ? limits.tail().toNanos() : Long.MAX_VALUE;
    }

    /** Another instance. */
    void renew() {
        firstCalls = GuardLimits.ALLOCATION_WINDOW;
        sinceSample = 0;
        closeLook = 0;
        slowWindows = 0;
        tailLook = 0;
        tailCalls = 0;
        tailWindows = 0;
        bytesInWindow = 0;
        callsInWindow = 0;
    }

    /** A call begins; one that has many things to go through is not measured. */
    void begin(int items) {
        measured =
                items == 0
                        && (closeLook > 0
                                || tailLook > 0
                                || firstCalls > 0
                                || ++sinceSample >= GuardLimits.SAMPLED);
        if (measured) {
            sinceSample = 0;
            byProcessor = closeLook > 0 || tailLook > 0;
            startBytes = ThreadClock.allocated();
            startNanos = byProcessor ? ThreadClock.cpu() : System.nanoTime();
        }
    }

    /** The call ended; what it and the ones before are at fault for. */
    @Nullable CallFault end(String call) {
        return end(call, 1);
    }

    /** So many calls ended that were entered as one. */
    @Nullable CallFault end(String call, long calls) {
        if (!measured) {
            return null;
        }
        long each = Math.max(1, calls);
        long nanos = ((byProcessor ? ThreadClock.cpu() : System.nanoTime()) - startNanos) / each;
        long bytes = (ThreadClock.allocated() - startBytes) / each;
        if (firstCalls > 0) {
            firstCalls--;
        }
        CallFault abuse = allocation(call, bytes);
        return abuse == null ? time(nanos) : abuse;
    }

    private @Nullable CallFault allocation(String call, long bytes) {
        if (bytes > limits.mostBytes()) {
            return new CallFault(
                    EjectionReason.RESOURCE_ABUSE,
                    "%s allocated %d bytes on the heap, more than %d"
                            .formatted(call, bytes, limits.mostBytes()),
                    Map.of("call", call, "allocatedBytes", bytes));
        }
        bytesInWindow += bytes;
        if (++callsInWindow < GuardLimits.ALLOCATION_WINDOW) {
            return null;
        }
        long mean = bytesInWindow / callsInWindow;
        bytesInWindow = 0;
        callsInWindow = 0;
        return mean <= limits.meanBytes()
                ? null
                : new CallFault(
                        EjectionReason.RESOURCE_ABUSE,
                        "its calls allocated %d bytes on the heap each, more than %d, over %d calls"
                                .formatted(mean, limits.meanBytes(), GuardLimits.ALLOCATION_WINDOW),
                        Map.of("meanAllocatedBytes", mean));
    }

    private @Nullable CallFault time(long nanos) {
        if (!byProcessor) {
            if (nanos > slowNanos) {
                closeLook = GuardLimits.WINDOW;
            }
            if (nanos > tailNanos) {
                tailLook = GuardLimits.TAIL_WINDOW;
            }
            return null;
        }
        @Nullable CallFault tail = tailLook > 0 ? tail(nanos) : null;
        return tail == null && closeLook > 0 ? mean(nanos) : tail;
    }

    /* The 999 thousandth is above the limit when two of a thousand are; twice, as for the mean. */
    private @Nullable CallFault tail(long nanos) {
        if (nanos > tailNanos) {
            tailCalls++;
        }
        if (--tailLook > 0) {
            return null;
        }
        boolean above = tailCalls * 1000L > GuardLimits.TAIL_WINDOW;
        tailWindows = above ? tailWindows + 1 : 0;
        tailCalls = 0;
        if (tailWindows == 1) {
            tailLook = GuardLimits.TAIL_WINDOW;
        }
        if (tailWindows < 2) {
            return null;
        }
        tailWindows = 0;
        return new CallFault(
                EjectionReason.SLOW,
                "more than one of a thousand calls took over %d us of processor time, over %d calls"
                        .formatted(tailNanos / 1_000, 2 * GuardLimits.TAIL_WINDOW),
                Map.of("tailCpuNanos", tailNanos));
    }

    private @Nullable CallFault mean(long nanos) {
        window[--closeLook] = nanos;
        if (closeLook > 0) {
            return null;
        }
        Arrays.sort(window);
        int counted = GuardLimits.WINDOW - GuardLimits.OUTLIERS;
        long sum = 0;
        for (int i = 0; i < counted; i++) {
            sum += window[i];
        }
        long mean = sum / counted;
        if (mean <= slowNanos) {
            slowWindows = 0;
            return null;
        }
        if (++slowWindows < 2) {
            closeLook = GuardLimits.WINDOW;
            return null;
        }
        slowWindows = 0;
        return new CallFault(
                EjectionReason.SLOW,
                "its calls took %d us of processor time each, more than %d, over %d calls"
                        .formatted(mean / 1_000, slowNanos / 1_000, 2 * GuardLimits.WINDOW),
                Map.of("meanCpuNanos", mean));
    }
}
