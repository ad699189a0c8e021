// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.core.osthreads.Demotion;
import org.spicetime.runtime.core.osthreads.OsThread;
import org.spicetime.runtime.core.poll.PolledThread;
import org.spicetime.runtime.kernel.task.KeptLocks;

/**
 * A platform thread that runs one attempt after the other, to its end each; while an attempt waits
 * for a slot at a checkpoint, its thread waits with it. It belongs to its dispatcher; fields are
 * guarded by the domain's guard unless they say otherwise.
 */
final class Worker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final Dispatcher dispatcher;
    private final String domain;
    private final PolledThread thread;

    /** Number in the thread's name; given back when the worker ends or is left behind. */
    final int number;

    /** Whether it lost its slot because its handler does not return. */
    boolean leftBehind;

    /** Whether it was called and has not asked for work yet. */
    boolean coming;

    /** What it is to run next, chosen by another thread. */
    @Nullable Run assigned;

    /** The locks that its handler holds although its attempt is over. */
    @Nullable KeptLocks keptLocks;

    /** What it is or will be at of light tasks; its tray is used again by the next one. */
    @Nullable LightRun light;

    /** Whether it ends as soon as it is free. */
    boolean retiring;

    /* Written by its thread when it begins. */
    private volatile @Nullable OsThread osThread;

    /* Written under the guard, read by its thread without: whether it is to wait. */
    private volatile boolean parked;

    Worker(Dispatcher dispatcher, String domain, int number) {
        this.dispatcher = dispatcher;
        this.domain = domain;
        this.number = number;
        thread = new PolledThread(this, domain + "-worker-" + number);
        thread.setDaemon(true);
    }

    PolledThread thread() {
        return thread;
    }

    /** Whether the operating system has it waiting; false if that is not known. */
    boolean sleeps() {
        OsThread known = osThread;
        return known != null && known.sleeps();
    }

    /** Ranks it behind all other threads; false: not possible here. */
    boolean demote() {
        OsThread known = osThread;
        return known != null && Demotion.demote(known);
    }

    /** Undoes {@link #demote}. */
    void restore() {
        OsThread known = osThread;
        if (known != null && !Demotion.restore(known)) {
            LOG.warn("thread {} could not be given its rank back", thread.getName());
        }
    }

    void start() {
        thread.start();
    }

    /** Its run of light tasks; a new one if the former was that of one task alone. */
    LightRun light(Run.Slots slots) {
        LightRun run = light;
        if (run == null || run.sliced() != null || run.settled) {
            run = new LightRun(this, run == null ? new Tray() : run.tray, slots);
            light = run;
        }
        return run;
    }

    /** Whether nobody gave it anything. By its thread. */
    boolean hasNothing() {
        return assigned == null;
    }

    void park() {
        parked = true;
    }

    /** Ends the waiting; the thread is to be woken afterwards. */
    void unpark() {
        parked = false;
    }

    void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        osThread = OsThread.current().orElse(null);
        LogContext.of(domain);
        try (Meter meter = new Meter(dispatcher.usage())) {
            @Nullable Run run = dispatcher.first(this);
            while (true) {
                if (run != null) {
                    run = dispatcher.runAndNext(this, run, meter);
                } else if (parked) {
                    LockSupport.park(this);
                    Thread.interrupted();
                } else {
                    run = dispatcher.first(this);
                }
                if (run == null && dispatcher.ended(this)) {
                    return;
                }
            }
        } catch (Throwable defect) {
            LOG.error("a worker of the host failed and is replaced", defect);
            dispatcher.lost(this);
        }
    }
}
