// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import java.util.function.Supplier;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.core.dispatch.NodeTimer;
import org.spicetime.runtime.core.measure.HistoryBudget;
import org.spicetime.runtime.kernel.task.ForeignTask;
import org.spicetime.runtime.kernel.task.Now;

/**
 * One domain as this host runs it: its parts, and what the host has it do. Users have it as a
 * {@link DomainFacade}. Thread-safe.
 */
final class HostedDomain implements NodeTimer.Timed {

    private final DomainBody body;
    private final DomainMeasures measures;
    private final DomainAdmission admission;
    private final WaitingRoom room;
    private final DomainChanges changes;
    private final Reservations reservations;
    private final BulkChanges bulk;
    private final DomainRun run;
    private final DomainMemory memory;
    private final StoredAdmissions storedAdmissions;
    private final TaskWindow window;
    private final DomainPages pages;
    private final ReturningTasks returning;
    private final Domain face;

    HostedDomain(DomainBody body, Supplier<ProcessorSample> processor, HistoryBudget histories) {
        this.body = body;
        measures = new DomainMeasures(body, processor, histories);
        admission = new DomainAdmission(body);
        room = new WaitingRoom(body, admission);
        changes = new DomainChanges(body);
        reservations = new Reservations(body);
        returning = new ReturningTasks(body);
        bulk = new BulkChanges(body, returning);
        run = new DomainRun(body, measures.gauges());
        memory = new DomainMemory(body);
        storedAdmissions = new StoredAdmissions(body, admission.schedules()::find);
        window = new TaskWindow(body, storedAdmissions, body.node.timings().window());
        body.mediator.window(window);
        pages = new DomainPages(body, window);
        body.mediator.whenFinished(() -> {
            run.taskEnded();
            if (!room.isEmpty()) {
                body.guard.afterwards(room::changed);
            }
        });
        body.mediator.whenFenced(run::fenced);
        body.whenLive(() -> {
            admission.schedules().reconsider();
            room.changed();
        });
        face = new DomainFacade(this, ChangedBy.HOST);
    }

    /** As others have it; what is changed through it the host itself changes. */
    Domain face() {
        return face;
    }

    DomainId id() {
        return body.id();
    }

    DomainMeasures measures() {
        return measures;
    }

    DomainAdmission admission() {
        return admission;
    }

    WaitingRoom room() {
        return room;
    }

    DomainChanges changes() {
        return changes;
    }

    Reservations reservations() {
        return reservations;
    }

    BulkChanges bulk() {
        return bulk;
    }

    ReturningTasks returning() {
        return returning;
    }

    DomainMemory memory() {
        return memory;
    }

    DomainBody body() {
        return body;
    }

    DomainRun run() {
        return run;
    }

    DomainPages pages() {
        return pages;
    }

    StoredAdmissions storedAdmissions() {
        return storedAdmissions;
    }

    /** What bounds its queue in memory. */
    TaskWindow window() {
        return window;
    }

    /** Takes up schedules that were stored. */
    void schedulesStored(List<ScheduleRecord> stored) {
        admission.schedules().restore(stored);
    }

    /** Looks at a task of another domain, which some of this one wait for, from now on. */
    void lookAgain(TaskId task) {
        admission.lookAgain(task);
    }

    /** Takes a sample and compares it with the thresholds. By the sampler thread. */
    void takeSample() {
        measures.take();
    }

    /** The store has removed some of its tasks; those who read changes are told. */
    void pruned() {
        ChangeCursor asOf = DomainPages.asOf(body.node.store(), body.journal.lease());
        body.guard.enter();
        try {
            if (body.journal.isQuiet()) {
                body.tasks.watches().committed(asOf);
            }
        } finally {
            body.guard.leave();
        }
    }

    /** Has the store keep the last measurements; the host stops. */
    void keepSamples() {
        measures.keep(true);
    }

    /**
     * A plugin has come; if this domain is configured for it, it is put in charge. Tasks that wait
     * for a handler go back into the queue.
     */
    void pluginCame(PluginKind kind, String name) {
        if (kind == PluginKind.TASK_HANDLER) {
            body.tasks.run((kernel, now) -> kernel.handlerCame(name, now));
            return;
        }
        body.changes.lock();
        try {
            Holdings held = body.holdings();
            if (held == null) {
                return;
            }
            DomainConfig config = body.config();
            if (kind == PluginKind.SCHEDULING_POLICY && config.scheduler().policy().equals(name)) {
                body.seats.policy.attach();
            } else if (kind == PluginKind.ALLOCATOR
                    && config.memory().allocationType().equals(name)) {
                body.seats.strategy.attach(held.pool());
            }
            run.starting.reconsider(body.node.clock().nanos().getAsLong());
        } finally {
            body.changes.unlock();
        }
    }

    /** A task of another domain, which some of this one wait for, has changed. */
    void foreignChanged(TaskId task, ForeignTask state) {
        admission.foreignChanged(task, state);
    }

    /** Ends all watches; the domain is gone. */
    void forget() {
        body.markDeleted();
        body.alerts.end();
        body.tasks.watches().end();
        body.watches.end();
        measures.close();
    }

    @Override
    public long nextNanos() {
        if (body.hangs() != null) {
            return Long.MAX_VALUE;
        }
        return Math.min(
                Math.min(
                        Math.min(body.tasks.nextTimerNanos(), run.starting.waitsUntil()),
                        body.journal.nextNanos()),
                Math.min(
                        admission.schedules().nextNanos(),
                        Math.min(room.nextNanos(), window.nextNanos())));
    }

    @Override
    public void elapsed(Now now) {
        body.tasks.elapsed();
        body.journal.elapsed(now.nanos());
        run.starting.reconsider(now.nanos());
        admission.schedules().elapsed(now);
        room.elapsed(now.nanos());
        window.elapsed(now);
    }

    @Override
    public void clockJumped(Now now) {
        body.tasks.run((kernel, present) -> kernel.clockJumped(present));
        admission.schedules().reconsider();
    }
}
