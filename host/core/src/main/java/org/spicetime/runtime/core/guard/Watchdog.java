// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.guard;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.core.guard.GuardedCalls.Observation;
import org.spicetime.runtime.kernel.guard.CallFault;

/*
 * A busy machine takes the processor away from anybody for longer than any limit, so the time that
 * passes proves nothing. What counts is the processor time of the calling thread, and the time it was
 * seen waiting while the watchdog itself woke when it wanted to; after a pause of the whole process
 * neither has grown.
 */
/**
 * The one thread of a host that looks after calls into policies and strategies. A call that lasts
 * too long is condemned: the polls woven into plugin classes throw, and the thread is interrupted.
 * What does not end all the same is told by {@link #stuck}. Thread-safe.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long IDLE_TICK = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(30);
    private static final long GIVE_UP = TimeUnit.SECONDS.toNanos(1);
    private static final long PER_ITEM = 1_000;
    private static final int FRAMES = 24;
    private static final Duration JOIN = Duration.ofSeconds(2);

    /**
     * A call that could not be ended. Immutable.
     *
     * @param seat whose call
     * @param sentence what it does, for people
     */
    public record Stuck(String seat, String sentence) {}

    private final GuardLimits limits;
    private final List<WeakReference<GuardedCalls>> meters = new CopyOnWriteArrayList<>();
    private final Map<String, Stuck> stuck = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Starts the thread. */
    public Watchdog(GuardLimits limits) {
        this.limits = limits;
        thread = Thread.ofPlatform().name("plugin-watchdog").daemon().unstarted(this::run);
        thread.start();
    }

    /**
     * A meter for a seat; it is looked after as long as somebody holds it.
     *
     * @param seat names it in messages
     */
    public GuardedCalls meter(String seat) {
        return meter(seat, false);
    }

    /**
     * A meter for a seat whose calls promise bounded time: their longest count as well.
     *
     * @param seat names it in messages
     */
    public GuardedCalls meterOfBoundedCalls(String seat) {
        return meter(seat, true);
    }

    private GuardedCalls meter(String seat, boolean bounded) {
        GuardedCalls meter = new GuardedCalls(seat, limits, bounded);
        meters.add(new WeakReference<>(meter));
        LockSupport.unpark(thread);
        return meter;
    }

    /** The calls that could not be ended and still last. */
    public List<Stuck> stuck() {
        return List.copyOf(stuck.values());
    }

    /** The call of this seat that could not be ended; null: there is none. */
    public @Nullable Stuck stuck(String seat) {
        return stuck.get(seat);
    }

    private void run() {
        long before = System.nanoTime();
        boolean busy = false;
        while (!closed) {
            long wanted = busy ? TICK : IDLE_TICK;
            if (meters.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, wanted);
            }
            long now = System.nanoTime();
            long gap = now - before;
            before = now;
            try {
                busy = look(gap, gap - wanted > LATE);
            } catch (RuntimeException e) {
                LOG.error("the watchdog failed and goes on", e);
            }
        }
    }

    /** Looks at all seats; whether a call is under way anywhere. */
    private boolean look(long gap, boolean late) {
        boolean busy = false;
        meters.removeIf(reference -> reference.get() == null);
        for (WeakReference<GuardedCalls> reference : meters) {
            GuardedCalls meter = reference.get();
            if (meter != null && look(meter, gap, late)) {
                busy = true;
            }
        }
        return busy;
    }

    private boolean look(GuardedCalls meter, long gap, boolean late) {
        Observation seen = meter.seen;
        long number = meter.present();
        Thread caller = meter.caller();
        if (number == 0 || caller == null) {
            forget(meter, seen);
            return false;
        }
        if (number < 0) {
            remind(meter, seen, -number, caller, gap);
            return true;
        }
        long cpu = ThreadClock.cpu(caller);
        if (number != seen.number) {
            forget(meter, seen);
            seen.number = number;
            seen.firstCpu = cpu;
            seen.lastCpu = cpu;
            return true;
        }
        judge(meter, seen, caller, cpu, late ? 0 : gap);
        return true;
    }

    private void judge(GuardedCalls meter, Observation seen, Thread caller, long cpu, long gap) {
        Thread.State state = caller.getState();
        boolean running = state == Thread.State.RUNNABLE;
        if (!running) {
            seen.waited += gap;
        } else if (cpu < 0) {
            seen.ran += gap; // of a virtual thread nobody tells the processor time
        } else {
            seen.ran = cpu - seen.firstCpu;
            seen.silent = cpu - seen.lastCpu < gap / 100 ? seen.silent + gap : 0;
        }
        seen.lastCpu = cpu;
        long limit = limits.hung().toNanos() + meter.items() * PER_ITEM;
        String what;
        if (seen.ran >= limit) {
            what = "did not return after %d ms of processor time".formatted(millis(seen.ran));
        } else if (seen.waited >= limit) {
            what =
                    "did not return after %d ms, its thread is %s"
                            .formatted(millis(seen.waited), state);
        } else if (seen.silent >= limits.silent().toNanos()) {
            what = "did not return after %d ms in a system call".formatted(millis(seen.silent));
        } else {
            return;
        }
        condemn(meter, seen, caller, what);
    }

    private void condemn(GuardedCalls meter, Observation seen, Thread caller, String what) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("call", meter.call());
        report.put("thread", caller.getName());
        report.put("frames", frames(caller));
        String sentence = meter.call() + " " + what;
        CallFault fault = new CallFault(EjectionReason.HUNG, sentence, report);
        if (meter.condemn(seen.number, caller, fault)) {
            seen.condemnedNanos = 0;
            LOG.warn("{}: {}; the call is being ended", meter.seat(), sentence);
        }
    }

    private void remind(
            GuardedCalls meter, Observation seen, long number, Thread caller, long gap) {
        meter.remind(number, caller);
        seen.condemnedNanos += gap;
        if (seen.condemnedNanos >= GIVE_UP && !seen.reported) {
            seen.reported = true;
            String sentence =
                    ("%s of its plugin did not return and cannot be ended: thread %s is %s at %s;"
                                    + " restart the host to free it")
                            .formatted(
                                    meter.call(),
                                    caller.getName(),
                                    caller.getState(),
                                    frames(caller).stream().findFirst().orElse("an unknown place"));
            stuck.put(meter.seat(), new Stuck(meter.seat(), sentence));
            LOG.error("{}: {}", meter.seat(), sentence);
        }
    }

    private void forget(GuardedCalls meter, Observation seen) {
        if (seen.reported) {
            stuck.remove(meter.seat());
            LOG.warn("{}: the call that could not be ended has returned", meter.seat());
        }
        seen.number = 0;
        seen.waited = 0;
        seen.silent = 0;
        seen.ran = 0;
        seen.condemnedNanos = 0;
        seen.reported = false;
    }

    private static List<String> frames(Thread caller) {
        return Arrays.stream(caller.getStackTrace())
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .toList();
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(JOIN)) {
                LOG.warn("thread {} did not end within {}", thread.getName(), JOIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
