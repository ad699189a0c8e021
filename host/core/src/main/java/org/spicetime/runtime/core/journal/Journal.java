// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.store.Ack;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.dispatch.DomainGuard;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * What a domain writes to the store. Changes of stored tasks are gathered while the guard is held
 * and handed over in one append when it is left; what is to happen when they hold is done later, by
 * a thread of the journal, for all commits that have come until then.
 *
 * <p>When a commit fails and the store cannot tell whether it holds, its callers are told so, and
 * its events are handed over again, in order, until the store takes them or refuses them as known.
 * Nobody sees an end, and no admission takes part, before the store has it.
 *
 * <p>Thread-safe; methods that say so are called inside the guard.
 */
public final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** How long a caller waits for a commit before he is told that the outcome is unknown. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** A long cascade is handed over in parts. */
    private static final int MOST_EVENTS = 1000;

    private static final Duration AGAIN = Duration.ofMillis(500);

    private final TaskStore store;
    private final DomainGuard guard;
    private final HostClock clock;
    private final Executor threads;
    private final Stored domain;
    private final TaskWriter writer;

    private volatile Lease lease;
    private volatile boolean fenced;
    private volatile boolean used;

    /* Guarded by the guard. */
    private Section open = new Section();
    private final LinkedHashSet<Section> underWay = new LinkedHashSet<>();
    private final ArrayDeque<Section> failed = new ArrayDeque<>();
    private final ArrayDeque<Section> held = new ArrayDeque<>();
    private @Nullable ChangeCursor reached;
    private boolean failing;
    private boolean planned;
    private @Nullable String actor;

    /* Any thread. */
    private final ConcurrentLinkedQueue<Section> done = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean settling = new AtomicBoolean();

    /* Written under the guard, read by the timer without. */
    private volatile long oldest = Long.MAX_VALUE;

    /**
     * A journal that has written nothing.
     *
     * @param threads where commits are settled and callers answered; never refuses for want of
     *     threads
     */
    public Journal(
            TaskStore store,
            Lease lease,
            DomainGuard guard,
            HostClock clock,
            Executor threads,
            Stored domain) {
        this.store = store;
        this.lease = lease;
        this.guard = guard;
        this.clock = clock;
        this.threads = threads;
        this.domain = domain;
        writer = new TaskWriter(domain);
    }

    /** The lease changes are written under. */
    public Lease lease() {
        return lease;
    }

    /** The lease of a start: the one of the creation, and for each further start the next. */
    public Lease takeOver(HostRef host, Duration validFor) {
        if (used) {
            lease = store.acquire(lease.domain(), host, validFor);
            fenced = false;
        }
        used = true;
        return lease;
    }

    /** Refuses a change that the store would not take now. */
    public void checkWritable() {
        if (fenced) {
            throw StoreRefusals.unknown(
                    lease.domain(), "another host owns the domain", Reason.FENCED.name());
        }
        guard.enter();
        try {
            if (failing) {
                throw StoreRefusals.of(
                        lease.domain(),
                        new StoreException(Reason.READ_ONLY, "the store takes no changes for now"));
            }
        } finally {
            guard.leave();
        }
    }

    /* ---- changes of the domain: the caller waits ---- */

    /**
     * Writes changes of the domain or its schedules and waits until they hold. Without the guard.
     */
    public void write(List<StoreEvent> events) {
        if (fenced) {
            checkWritable();
        }
        try {
            store.append(lease, events)
                    .toCompletableFuture()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(
                    RequestErrorCode.SHUTTING_DOWN,
                    "the host stops; whether the change holds is unknown",
                    Map.of("outcome", "UNKNOWN"));
        } catch (TimeoutException e) {
            throw late();
        } catch (ExecutionException | StoreException e) {
            throw refused(e);
        }
    }

    private RefusedException late() {
        return StoreRefusals.unknown(
                lease.domain(),
                "the store did not answer within " + LIMIT.toSeconds() + " s",
                "STORE_SLOW");
    }

    private RefusedException refused(Exception failure) {
        Throwable cause = StoreRefusals.causeOf(failure);
        if (cause instanceof StoreException refused && refused.reason() == Reason.FENCED) {
            guard.enter();
            try {
                fence(String.valueOf(refused.getMessage()), new ArrayList<>());
            } finally {
                guard.leave();
            }
        } else {
            LOG.error("domain={}: the store refused a change", lease.domain(), cause);
        }
        return StoreRefusals.of(lease.domain(), cause);
    }

    /* ---- changes of tasks: inside the guard, nobody waits ---- */

    /** What follows, until null, is caused by somebody. Inside the guard. */
    public void by(@Nullable String who) {
        actor = who;
    }

    /** The task is stored, and the store knows it as it is. Inside the guard. */
    public void restored(TaskEntry entry, TaskPhase phase) {
        entry.record(
                new StoredTask(
                        phase, entry.attempt(), entry.requestedPriority(), entry.deadlineMissed()));
    }

    /** Something about a task has changed. Inside the guard. */
    public void changed(TaskEntry entry) {
        if (entry.record() instanceof StoredTask known && !entry.isEnding()) {
            writer.changed(entry, known, lease, actor, open.events);
        }
    }

    /** How far it is has changed. Inside the guard. */
    public void progressed(TaskEntry entry) {
        if (entry.record() instanceof StoredTask known) {
            writer.progressed(entry, known, lease, clock.now(), open.events);
        }
    }

    /** Its deadline has passed. Inside the guard. */
    public void missed(TaskEntry entry) {
        if (entry.record() instanceof StoredTask known) {
            writer.missed(entry, known, entry.updatedAt(), open.events);
        }
    }

    /** Its end is decided. Inside the guard. */
    public void ending(TaskEntry entry, @Nullable String why) {
        if (entry.record() instanceof StoredTask known) {
            if (open.events.size() >= MOST_EVENTS) {
                flush();
            }
            known.actor = TaskWriter.endedBy(entry.decided(), actor);
            known.why = why;
            writer.ending(entry, known, lease, actor, open.events);
            open.ending(entry);
        }
    }

    /** Somebody removes it for good. Inside the guard. */
    public void purged(TaskEntry entry) {
        if (entry.record() instanceof StoredTask) {
            entry.record(null);
            open.events.add(
                    new TaskEvent.Purged(
                            entry.taskId(),
                            clock.instants().instant(),
                            actor == null ? TaskWriter.HOST : actor));
        }
    }

    /** Something else that happens together with what this visit changes. Inside the guard. */
    public void also(StoreEvent event) {
        open.events.add(event);
    }

    /** Hands over what nobody waits for. Without the guard, or inside. */
    public void append(StoreEvent event) {
        guard.enter();
        try {
            also(event);
        } finally {
            guard.leave();
        }
    }

    /**
     * Completes when what this visit has changed so far holds, with what is true then. At once, if
     * nothing is to be stored. Inside the guard.
     */
    public <T> CompletionStage<T> answer(Supplier<T> value) {
        Section last = open.hasNothingToStore() ? last() : open;
        if (last == null) {
            return CompletableFuture.completedFuture(value.get());
        }
        watch();
        return last.answer(value);
    }

    /* The section after which everything handed over so far holds; null: everything does. */
    private @Nullable Section last() {
        for (SequencedCollection<Section> sections : List.of(held, failed, underWay)) {
            if (!sections.isEmpty()) {
                return sections.getLast();
            }
        }
        return null;
    }

    /**
     * Completes when what this visit has changed so far holds, however long that takes; with false
     * if it never will. Null: there is nothing to wait for. Inside the guard.
     */
    public @Nullable CompletableFuture<Boolean> holds() {
        return open.hasNothingToStore() ? null : open.holds();
    }

    /**
     * Hands over an admission: all of it holds, or nothing. Inside the guard.
     *
     * @param entries prepared by the kernel
     * @param events among them one {@link TaskEvent.Submitted} for each stored one
     * @param room reserved for them; used up
     * @param value what is answered once they take part
     */
    public <T> CompletableFuture<T> admit(
            List<TaskEntry> entries, List<StoreEvent> events, Reservation room, Supplier<T> value) {
        flush();
        Section section = new Section();
        section.events.addAll(events);
        section.admitted = entries;
        section.room = room;
        record(entries, events);
        CompletableFuture<T> answer = section.answer(value);
        watch();
        send(section);
        return answer;
    }

    private static void record(List<TaskEntry> entries, List<StoreEvent> events) {
        Map<TaskId, TaskPhase> admitted = HashMap.newHashMap(entries.size());
        for (StoreEvent event : events) {
            if (event instanceof TaskEvent.Submitted submitted) {
                admitted.put(submitted.task(), submitted.admitted().phase());
            }
        }
        for (TaskEntry entry : entries) {
            TaskPhase phase = admitted.get(entry.taskId());
            if (phase != null) {
                entry.record(new StoredTask(phase, 0, entry.requestedPriority(), false));
            }
        }
    }

    /** Hands over what this visit has changed. Inside the guard, before it is left. */
    public void flush() {
        Section section = open;
        if (!section.hasNothingToStore()) {
            open = new Section();
            send(section);
        }
    }

    private void send(Section section) {
        section.sentNanos = clock.nanos().getAsLong();
        if (fenced) {
            completed(
                    section,
                    null,
                    new StoreException(Reason.FENCED, "another host owns the domain"));
        } else if (failing) {
            held.add(section);
        } else {
            handOver(section);
        }
    }

    private void handOver(Section section) {
        underWay.add(section);
        appended(section).whenComplete((ack, failure) -> completed(section, ack, failure));
    }

    private CompletionStage<Ack> appended(Section section) {
        try {
            Reservation room = section.room;
            section.room = null;
            return room == null
                    ? store.append(lease, section.events)
                    : store.append(lease, section.events, room);
        } catch (StoreException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /* ---- commits: any thread ---- */

    private void completed(Section section, @Nullable Ack ack, @Nullable Throwable failure) {
        section.asOf = ack == null ? null : ack.asOf();
        section.failure = failure == null ? null : StoreRefusals.causeOf(failure);
        done.add(section);
        wake();
    }

    private void wake() {
        if (settling.compareAndSet(false, true)) {
            try {
                threads.execute(this::settle);
            } catch (RejectedExecutionException hostStops) {
                settle();
            }
        }
    }

    private void settle() {
        boolean more = true;
        while (more) {
            List<Runnable> told = new ArrayList<>();
            guard.enterPatiently();
            try {
                for (Section section = done.poll(); section != null; section = done.poll()) {
                    settle(section, told);
                }
                committedAll();
                planAgain();
            } finally {
                guard.leave();
                settling.set(false);
            }
            told.forEach(Runnable::run);
            more = !done.isEmpty() && settling.compareAndSet(false, true);
        }
    }

    private void settle(Section section, List<Runnable> told) {
        underWay.remove(section);
        Throwable failure = section.failure;
        if (failure == null) {
            holds(section, told);
            committed(section);
        } else if (fenced) {
            section.refused(StoreRefusals.of(lease.domain(), failure), told);
            section.tellHolds(false, told);
            withdraw(section);
        } else if (failure instanceof StoreException refused) {
            failed(section, refused, told);
        } else {
            LOG.error("domain={}: the store failed", lease.domain(), failure);
            failed(section, new StoreException(Reason.COMMIT_FAILED, failure.toString()), told);
        }
    }

    /*
     * All that was committed together is told with the same number, so a number is reached when the
     * next one comes, or nothing is under way.
     */
    private void committed(Section section) {
        ChangeCursor before = reached;
        ChangeCursor asOf = section.asOf;
        if (asOf != null) {
            if (before != null && !before.equals(asOf)) {
                domain.committed(before);
            }
            reached = asOf;
        }
    }

    private void committedAll() {
        ChangeCursor last = reached;
        if (last != null && underWay.isEmpty() && done.isEmpty()) {
            reached = null;
            domain.committed(last);
        }
    }

    /** Whether all that was handed over holds, or was refused, and was told. Inside the guard. */
    public boolean isQuiet() {
        return open.hasNothingToStore() && last() == null && done.isEmpty() && !failing;
    }

    private void holds(Section section, List<Runnable> told) {
        List<TaskEntry> admitted = section.admitted;
        if (admitted != null) {
            domain.publish(admitted);
        }
        section.tellHolds(true, told);
        int others = open.ending().size();
        for (TaskEntry entry : section.ending()) {
            StoredTask known = (StoredTask) entry.record();
            domain.ended(
                    entry, known == null ? null : known.actor, known == null ? null : known.why);
        }
        if (open.ending().size() > others) {
            // What failed by it is told together with it.
            section.passAnswersTo(open);
        } else {
            section.answered(told);
        }
    }

    private void failed(Section section, StoreException failure, List<Runnable> told) {
        RefusedException refusal = StoreRefusals.of(lease.domain(), failure);
        switch (failure.reason()) {
            case FENCED -> {
                section.refused(refusal, told);
                section.tellHolds(false, told);
                withdraw(section);
                fence(String.valueOf(failure.getMessage()), told);
            }
            case CLOSED -> {
                section.refused(refusal, told);
                section.tellHolds(false, told);
                withdraw(section);
            }
            case STALE -> {
                if (failing) {
                    // It was taken before, or what came before it was not: that is found out below.
                    hold(section, told, refusal);
                } else {
                    LOG.error("domain={}: {}", lease.domain(), failure.getMessage(), failure);
                    section.refused(refusal, told);
                    if (!withdraw(section)) {
                        holds(section, told);
                    }
                }
            }
            case COMMIT_FAILED -> {
                if (section.admitted == null) {
                    begin(failure);
                    hold(section, told, refusal);
                } else {
                    section.refused(refusal, told);
                    begin(failure);
                    readAgain(section);
                }
            }
            default -> {
                if (section.admitted == null) {
                    begin(failure);
                    hold(
                            section,
                            told,
                            StoreRefusals.unknown(
                                    lease.domain(),
                                    String.valueOf(failure.getMessage()),
                                    failure.reason().name()));
                } else {
                    section.refused(
                            failure.reason() == Reason.DUPLICATE_KEY ? failure : refusal, told);
                    withdraw(section);
                }
            }
        }
    }

    /** Whether there was an admission to withdraw. */
    private boolean withdraw(Section section) {
        List<TaskEntry> admitted = section.admitted;
        if (admitted != null) {
            section.admitted = null;
            domain.withdraw(admitted);
        }
        return admitted != null;
    }

    private void fence(String why, List<Runnable> told) {
        if (fenced) {
            return;
        }
        fenced = true;
        LOG.error("domain={}: another host owns it now: {}", lease.domain(), why);
        RefusedException refusal = StoreRefusals.unknown(lease.domain(), why, Reason.FENCED.name());
        for (ArrayDeque<Section> sections : List.of(failed, held)) {
            for (Section section : sections) {
                section.refused(refusal, told);
                section.tellHolds(false, told);
                withdraw(section);
            }
            sections.clear();
        }
        domain.fenced(why);
    }

    /* ---- after a commit that failed ---- */

    private void begin(StoreException failure) {
        if (!failing) {
            failing = true;
            LOG.error("domain={}: what it changes is not stored for now", lease.domain(), failure);
            domain.storeFails("its changes are not stored for now: " + failure.getMessage());
        }
    }

    /* Its callers are told that the outcome is unknown; its events are handed over again. */
    private void hold(Section section, List<Runnable> told, RefusedException refusal) {
        section.refused(refusal, told);
        failed.add(section);
    }

    private void planAgain() {
        if (failing && !planned && !fenced && underWay.isEmpty()) {
            planned = true;
            later(this::again);
        }
    }

    private void later(Runnable action) {
        CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS, threads)
                .execute(action);
    }

    /* The first one alone; when the store takes it, or knows it, the others follow. */
    private void again() {
        guard.enterPatiently();
        try {
            Section first = failed.isEmpty() ? held.poll() : failed.poll();
            if (first == null || fenced) {
                planned = false;
                failing = false;
                domain.storeFails(null);
            } else {
                appended(first)
                        .whenComplete((ack, failure) ->
                                threads.execute(() -> tried(first, ack, failure)));
            }
        } finally {
            guard.leave();
        }
    }

    private void tried(Section section, @Nullable Ack ack, @Nullable Throwable failure) {
        List<Runnable> told = new ArrayList<>();
        Throwable cause = failure == null ? null : StoreRefusals.causeOf(failure);
        Reason reason = cause instanceof StoreException refused ? refused.reason() : null;
        boolean taken = cause == null || reason == Reason.STALE;
        guard.enterPatiently();
        try {
            if (taken) {
                holds(section, told);
                section.asOf = ack == null ? null : ack.asOf();
                committed(section);
                committedAll();
            } else if (reason == Reason.FENCED) {
                section.tellHolds(false, told);
                fence(String.valueOf(cause), told);
            } else {
                failed.addFirst(section);
            }
        } finally {
            guard.leave();
        }
        told.forEach(Runnable::run);
        if (taken) {
            again();
        } else if (reason != Reason.FENCED && reason != Reason.CLOSED) {
            later(this::again);
        }
    }

    /* Whether an admission holds is read back: all of it is there, or nothing. */
    private void readAgain(Section section) {
        List<TaskEntry> admitted = section.admitted;
        if (admitted != null) {
            later(() -> readAgain(section, admitted));
        }
    }

    private void readAgain(Section section, List<TaskEntry> admitted) {
        boolean there;
        try {
            TaskEvent.Submitted any =
                    section.events.stream()
                            .filter(TaskEvent.Submitted.class::isInstance)
                            .map(TaskEvent.Submitted.class::cast)
                            .findFirst()
                            .orElseThrow();
            there = store.load(any.task()).isPresent();
        } catch (StoreException unreadable) {
            if (unreadable.reason() != Reason.CLOSED) {
                readAgain(section);
            }
            return;
        }
        guard.enterPatiently();
        try {
            if (fenced || !there) {
                domain.withdraw(admitted);
            } else {
                domain.publish(admitted);
            }
        } finally {
            guard.leave();
        }
    }

    /* ---- callers who have waited too long ---- */

    /** When somebody has waited too long; {@link Long#MAX_VALUE}: nobody waits. Any thread. */
    public long nextNanos() {
        return oldest;
    }

    private void watch() {
        if (oldest == Long.MAX_VALUE) {
            oldest = clock.nanos().getAsLong() + LIMIT.toNanos();
        }
    }

    /** Tells those who have waited too long that the outcome is unknown. */
    public void elapsed(long now) {
        if (oldest > now) {
            return;
        }
        List<Runnable> told = new ArrayList<>();
        guard.enterPatiently();
        try {
            long first = Long.MAX_VALUE;
            for (SequencedCollection<Section> all : List.of(underWay, failed, held)) {
                for (Section section : all) {
                    if (section.sentNanos + LIMIT.toNanos() - now <= 0) {
                        section.refused(late(), told);
                    } else if (section.hasAnswers()) {
                        first = Math.min(first, section.sentNanos + LIMIT.toNanos());
                    }
                }
            }
            oldest = first;
        } finally {
            guard.leave();
        }
        if (!told.isEmpty()) {
            threads.execute(() -> told.forEach(Runnable::run));
        }
    }

    /** Completes when nothing is under way any more. Inside the guard. */
    public CompletionStage<Boolean> quiet() {
        flush();
        Section last = last();
        return last == null
                ? CompletableFuture.completedFuture(Boolean.TRUE)
                : last.answer(() -> Boolean.TRUE);
    }
}
