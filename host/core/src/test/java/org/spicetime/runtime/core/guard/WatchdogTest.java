// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.core.poll.PluginEjected;
import org.spicetime.runtime.core.poll.Poll;
import org.spicetime.runtime.kernel.guard.CallFault;

/** Calls that last too long are ended and judged; what cannot be ended is told. */
@Timeout(60)
final class WatchdogTest {
    private static final GuardLimits LIMITS =
            new GuardLimits(
                    Duration.ofMillis(30),
                    Duration.ofSeconds(2),
                    Duration.ofNanos(200_000),
                    Duration.ofMillis(1),
                    4 << 10,
                    1 << 20);

    private final Watchdog watchdog = new Watchdog(LIMITS);
    private final GuardedCalls meter = watchdog.meter("seat");

    @AfterEach
    void close() {
        watchdog.close();
    }

    /** A call as the kernel makes it. */
    private @Nullable CallFault call(Runnable code) {
        meter.enter("pickNext", 0);
        try {
            code.run();
        } catch (PluginEjected ended) {
            return meter.leave();
        }
        return meter.leave();
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private static void spin() {
        while (true) {
            Poll.poll();
        }
    }

    @Test
    void aCallThatSpinsIsEndedByAPoll() {
        CallFault fault = call(WatchdogTest::spin);
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.HUNG);
        assertThat(fault.message()).contains("pickNext", "processor time");
        assertThat(fault.report()).containsKeys("frames", "thread");
        assertThat(Thread.currentThread().isInterrupted()).as("left interrupted").isFalse();
        Poll.poll(); // throws no more
    }

    @Test
    void aCallThatWaitsIsInterrupted() {
        CallFault fault = call(() -> LockSupport.parkNanos(TimeUnit.HOURS.toNanos(1)));
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.HUNG);
        assertThat(fault.message()).contains("TIMED_WAITING");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aCallThatWaitsAgainAndAgainIsInterruptedAgainAndAgain() {
        CallFault fault =
                call(() -> {
                    for (int i = 0; i < 5; i++) {
                        LockSupport.parkNanos(TimeUnit.HOURS.toNanos(1));
                        assertThat(Thread.interrupted()).isTrue();
                    }
                });
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.HUNG);
    }

    @Test
    void aQuickCallIsNotTouched() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(call(() -> {})).isNull();
        }
    }

    @Test
    void aCallThatMayTakeLongerForManyThingsDoes() {
        meter.enter("forEachBlock", 10_000_000);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(120));
        assertThat(meter.leave()).isNull();
    }

    @Test
    void whatCannotBeEndedIsToldUntilItEnds() throws InterruptedException {
        Semaphore held = new Semaphore(0);
        CountDownLatch inside = new CountDownLatch(1);
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(() ->
                                call(() -> {
                                    inside.countDown();
                                    held.acquireUninterruptibly();
                                }));
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        until(() -> watchdog.stuck("seat") != null);
        Watchdog.Stuck stuck = watchdog.stuck("seat");
        assertThat(stuck).isNotNull();
        assertThat(stuck.sentence()).contains("pickNext", "cannot be ended", "restart");
        held.release();
        thread.join();
        until(() -> watchdog.stuck().isEmpty());
    }

    @Test
    void callsThatAreAllSlowAreFound() {
        CallFault fault = null;
        int calls = 0;
        while (fault == null && calls++ < 2_000) {
            fault = call(() -> burn(600_000));
        }
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.SLOW);
        assertThat(calls).isLessThanOrEqualTo(2 * GuardLimits.WINDOW + 2);
    }

    @Test
    void aFewSlowCallsAreForgiven() {
        for (int i = 0; i < 3_000; i++) {
            boolean slow = i % 100 == 0;
            assertThat(call(() -> burn(slow ? 600_000 : 0))).isNull();
        }
    }

    @Test
    void aFewCallsThatAreFarTooSlowAreFoundWhereTimeIsBounded() {
        GuardedCalls bounded = watchdog.meterOfBoundedCalls("pool");
        CallFault fault = null;
        int calls = 0;
        while (fault == null && calls++ < 1_000_000) {
            // No multiple of the sample's distance, so that some of the slow ones are measured.
            boolean slow = calls % 300 == 0;
            bounded.enter("allocate", 0);
            burn(slow ? 1_500_000 : 0);
            fault = bounded.leave();
        }
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.SLOW);
        assertThat(fault.message()).contains("one of a thousand");
    }

    @Test
    void callsThatAllocateTooMuchAreFound() {
        CallFault fault = null;
        int calls = 0;
        while (fault == null && calls++ < 2_000) {
            fault = call(() -> allocate(8 << 10));
        }
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.RESOURCE_ABUSE);
        assertThat(calls).isEqualTo(GuardLimits.ALLOCATION_WINDOW);
    }

    @Test
    void oneCallThatAllocatesFarTooMuchIsFoundAtOnce() {
        CallFault fault = call(() -> allocate(4 << 20));
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.RESOURCE_ABUSE);
    }

    private final AtomicInteger sink = new AtomicInteger();

    private void allocate(int bytes) {
        sink.addAndGet(new byte[bytes].length);
    }

    private void burn(long nanos) {
        long end = ThreadClock.cpu() + nanos;
        while (nanos > 0 && ThreadClock.cpu() < end) {
            sink.incrementAndGet();
        }
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the condition did not come true").isLessThan(end);
            LockSupport.parkNanos(500_000);
        }
    }
}
