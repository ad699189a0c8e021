// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Asks what runs to end, and leaves the threads behind whose handlers do not return in time.
 * Guarded by the domain's guard.
 */
public final class Endings {

    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

    /**
     * Whose runs, and how long they have.
     *
     * @param grace how long a handler may go on after it was asked to end
     */
    record Terms(String domain, Duration grace) {}

    private final Dispatcher dispatcher;
    private final DomainGuard guard;
    private final SlotTable slots;
    private final SafePoints safePoints;
    private final Lane lane;
    private final Crew crew;
    private final TaskSource source;
    private final HostClock clock;
    private final Terms terms;

    private long nextGrace = Long.MAX_VALUE;
    private @Nullable Runnable whenQuiet;

    Endings(
            Dispatcher dispatcher,
            DomainGuard guard,
            TaskSource source,
            Crew crew,
            HostClock clock,
            Terms terms) {
        this.dispatcher = dispatcher;
        this.guard = guard;
        this.slots = dispatcher.slots();
        this.safePoints = dispatcher.safePoints();
        this.lane = dispatcher.lane();
        this.source = source;
        this.crew = crew;
        this.clock = clock;
        this.terms = terms;
    }

    /** Dispatching begins: nobody waits for its end. */
    void open() {
        whenQuiet = null;
    }

    /** Asks light work to end, if it is under way. */
    public void stop(LightWork work) {
        slots.forEachLight(run -> {
            if (work.equals(run.current())) {
                lane.runsLong(run);
            }
        });
        LightRun run = work.run;
        if (run != null && !run.settled && slots.runs(run)) {
            stop(run, StopCause.CANCELLED);
        }
    }

    /** As above, all of one owner. */
    void stopLight(LightWork.Owner owner) {
        List<LightWork> underWay = new ArrayList<>();
        slots.forEachLight(run -> {
            LightWork work = run.sliced() == null ? run.current() : run.sliced();
            if (work != null && work.owner.equals(owner)) {
                underWay.add(work);
            }
        });
        underWay.forEach(this::stop);
    }

    /** Asks a running task to end. */
    public void stop(TaskEntry entry, StopCause why) {
        if (entry.attachment() instanceof Attempt attempt && !attempt.settled) {
            stop(attempt, why);
        }
    }

    private void stop(Run run, StopCause why) {
        run.requestStop(why);
        if (run.graceEnds == Long.MAX_VALUE) {
            run.graceEnds = clock.nanos().getAsLong() + terms.grace().toNanos();
            nextGrace = Math.min(nextGrace, run.graceEnds);
        }
        if (run.waits() || run.taken) {
            guard.afterwards(() -> safePoints.unwind(run));
        }
        guard.afterwards(run::interrupt);
    }

    /**
     * Asks all running tasks to end, and tells when none runs any more: at once, or when the last
     * has ended or was left behind.
     */
    public void stopAll(Runnable quiet) {
        slots.forEachLight(lane::takeBack);
        slots.forEachLight(lane::runsLong);
        slots.forEachRun(run -> {
            // Short tasks are over before anybody could ask them.
            if (run.sliced() != null) {
                stop(run, StopCause.DOMAIN_STOPS);
            }
        });
        whenQuiet = quiet;
        tellIfQuiet();
    }

    /** When the grace of the next handler ends; {@link Long#MAX_VALUE}: none is asked to end. */
    public long nextGraceNanos() {
        return nextGrace;
    }

    /** Leaves behind the threads whose handlers did not return in time. */
    public void leaveBehind(long nanos) {
        List<Run> late = new ArrayList<>();
        nextGrace = Long.MAX_VALUE;
        slots.forEachRun(run -> {
            if (run.graceEnds - nanos <= 0) {
                late.add(run);
            } else {
                nextGrace = Math.min(nextGrace, run.graceEnds);
            }
        });
        late.forEach(this::leaveBehind);
    }

    private void leaveBehind(Run run) {
        Worker worker = run.worker;
        crew.leaveBehind(worker);
        run.keepBack();
        safePoints.use().found(run);
        worker.demote();
        LOG.error(
                "domain={} {} did not return within {} ms after it was asked to end;"
                        + " thread {} is left behind",
                terms.domain(),
                run.what(),
                terms.grace().toMillis(),
                worker.thread().getName());
        String why =
                run.what()
                        + " did not return when it was asked to; its thread is left behind and its"
                        + " memory kept back";
        safePoints.locks().leaveBehind(run, why);
        dispatcher.settle(
                run,
                dispatcher.usage().measuredFromOutside(worker.thread(), run),
                Failures.leftBehind(run, terms.grace()));
        source.leftBehind(crew.left(), why);
        dispatcher.wake(dispatcher.ready());
        tellIfQuiet();
    }

    /** Tells whoever waits for it that nothing runs any more, if so. */
    void tellIfQuiet() {
        Runnable quiet = whenQuiet;
        if (quiet != null && slots.runningCount() == 0) {
            whenQuiet = null;
            guard.afterwards(quiet);
        }
    }
}
