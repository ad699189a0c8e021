// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Ack;
import org.spicetime.runtime.api.store.Claim;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.LogLine;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Leads tasks of its own through their lives, as random as its seed, and notes each acknowledgement
 * after it came. Some appends are waited for one by one, others are on their way together. Called
 * by one thread at a time.
 */
final class Producer implements Runnable {

    private final TaskStore store;
    private final Lease lease;
    private final AckLog acks;
    private final InstantSource clock;
    private final SplittableRandom random;
    private final BooleanSupplier goOn;
    private final boolean pruned;
    private final List<Pending> pending = new ArrayList<>();
    private final LongAdder refused;

    /** An append that was handed over, and what to note when it is acknowledged. Immutable. */
    private record Pending(
            CompletionStage<Ack> stage,
            AckLog.@Nullable Note note,
            List<TaskId> tasks,
            int value) {}

    /**
     * A producer.
     *
     * @param pruned whether finished tasks of its domain may be pruned at any time
     * @param refused counts what the store refused or could not do
     */
    Producer(
            TaskStore store,
            Lease lease,
            boolean pruned,
            AckLog acks,
            InstantSource clock,
            long seed,
            BooleanSupplier goOn,
            LongAdder refused) {
        this.store = store;
        this.lease = lease;
        this.pruned = pruned;
        this.acks = acks;
        this.clock = clock;
        this.goOn = goOn;
        this.refused = refused;
        random = new SplittableRandom(seed);
    }

    @Override
    public void run() {
        while (goOn.getAsBoolean()) {
            try {
                round();
            } catch (StoreException e) {
                pending.clear();
                refused.increment();
            }
        }
    }

    private DomainId domain() {
        return lease.domain();
    }

    private Instant now() {
        return clock.instant();
    }

    /** Admits some tasks, and leads each as far as chance will have it. */
    void round() {
        List<TaskId> tasks = new ArrayList<>();
        for (int appends = 1 + random.nextInt(3); appends > 0; appends--) {
            tasks.addAll(submit(1 + random.nextInt(4)));
        }
        flush();
        for (TaskId task : tasks) {
            lead(task);
        }
        flush();
    }

    private List<TaskId> submit(int count) {
        List<TaskId> ids = new ArrayList<>();
        List<StoreEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TaskId id = TaskId.of(now(), random);
            ids.add(id);
            events.add(SampleTask.submitted(id, domain(), now(), random.nextInt(100)));
        }
        try (Reservation room = store.reserve(domain(), count, 2048L * count)) {
            CompletionStage<Ack> stage = store.append(lease, events, room);
            pending.add(new Pending(stage, AckLog.Note.ADMITTED, ids, 1 + SampleTask.RETRIES));
        }
        return ids;
    }

    private void lead(TaskId task) {
        switch (random.nextInt(12)) {
            case 0 -> {
                // stays READY
            }
            case 1 -> start(task, 1); // stays RUNNING
            case 2 -> cancel(task, null);
            case 3 -> {
                start(task, 1);
                send(
                        new TaskEvent.CancelRequested(task, now(), "tester", null),
                        AckLog.Note.CANCELLING,
                        0);
                if (random.nextBoolean()) {
                    cancel(task, lease.claim(1));
                }
            }
            case 4 -> {
                start(task, 1);
                fail(task, lease.claim(1));
                retry(task, 1);
            }
            case 5 -> {
                start(task, 1);
                again(task, lease.claim(1));
                complete(task, 2, true);
            }
            case 6 -> {
                complete(task, 1, false);
                purge(task);
            }
            case 7 -> {
                start(task, 1);
                log(task, lease.claim(1));
                complete(task, lease.claim(1));
            }
            default -> complete(task, 1, random.nextBoolean());
        }
    }

    private void start(TaskId task, int attempt) {
        // If this process dies, the next one may end the task, and prune it.
        mayGoWhenFinished(task);
        send(
                new TaskEvent.Started(task, now(), lease.claim(attempt)),
                AckLog.Note.STARTED,
                attempt);
    }

    private void complete(TaskId task, int attempt, boolean together) {
        if (!together) {
            start(task, attempt);
            complete(task, lease.claim(attempt));
            return;
        }
        mayGoWhenFinished(task);
        send(
                List.of(
                        new TaskEvent.Started(task, now(), lease.claim(attempt)),
                        completed(task, lease.claim(attempt))),
                AckLog.Note.FINISHED,
                task,
                AckLog.value(TaskPhase.COMPLETED));
    }

    private void complete(TaskId task, Claim claim) {
        mayGoWhenFinished(task);
        send(completed(task, claim), AckLog.Note.FINISHED, AckLog.value(TaskPhase.COMPLETED));
    }

    private TaskEvent.Completed completed(TaskId task, Claim claim) {
        return new TaskEvent.Completed(
                task,
                now(),
                claim,
                Payload.json("{\"ok\":true}"),
                SampleTask.ending(TaskPhase.COMPLETED, now()));
    }

    private void cancel(TaskId task, @Nullable Claim claim) {
        mayGoWhenFinished(task);
        send(
                new TaskEvent.Cancelled(
                        task,
                        now(),
                        claim,
                        "tester",
                        SampleTask.error(task, domain()),
                        SampleTask.ending(TaskPhase.CANCELLED, now())),
                AckLog.Note.FINISHED,
                AckLog.value(TaskPhase.CANCELLED));
    }

    private void fail(TaskId task, Claim claim) {
        mayGoWhenFinished(task);
        send(
                new TaskEvent.Failed(
                        task,
                        now(),
                        claim,
                        SampleTask.error(task, domain()),
                        SampleTask.ending(TaskPhase.FAILED, now())),
                AckLog.Note.FINISHED,
                AckLog.value(TaskPhase.FAILED));
    }

    /** By hand, after it had failed. Where tasks are pruned it may be gone. */
    private void retry(TaskId task, int attemptsLeft) {
        if (pruned) {
            return;
        }
        flush();
        acks.write(AckLog.Note.WILL_RETRY, task, attemptsLeft);
        send(
                new TaskEvent.Retried(task, now(), "tester", attemptsLeft, TaskPhase.READY, 7),
                null,
                0);
        complete(task, 2, random.nextBoolean());
    }

    /** By its retry policy. */
    private void again(TaskId task, Claim claim) {
        send(
                new TaskEvent.RetryAt(
                        task,
                        now(),
                        claim,
                        now(),
                        SampleTask.error(task, domain()),
                        SampleTask.cost()),
                null,
                0);
        send(new TaskEvent.BecameReady(task, now(), 3), null, 0);
    }

    private void log(TaskId task, Claim claim) {
        LogLine line = new LogLine(now(), System.Logger.Level.INFO, "a line of task " + task);
        send(new TaskEvent.AttemptLogged(task, now(), claim, List.of(line), 0), null, 0);
    }

    private void purge(TaskId task) {
        if (pruned) {
            return;
        }
        flush();
        acks.write(AckLog.Note.MAY_GO, task, 0);
        send(new TaskEvent.Purged(task, now(), "tester"), null, 0);
    }

    private void mayGoWhenFinished(TaskId task) {
        if (pruned) {
            acks.write(AckLog.Note.MAY_GO, task, 0);
        }
    }

    private void send(TaskEvent event, AckLog.@Nullable Note note, int value) {
        send(List.of(event), note, event.task(), value);
    }

    private void send(List<StoreEvent> events, AckLog.@Nullable Note note, TaskId task, int value) {
        pending.add(new Pending(store.append(lease, events), note, List.of(task), value));
        if (random.nextInt(3) == 0) {
            flush();
        }
    }

    /** Waits for all that is on its way, and notes it. */
    private void flush() {
        for (Pending append : pending) {
            try {
                append.stage().toCompletableFuture().join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof StoreException refusal) {
                    throw refusal;
                }
                throw e;
            }
            if (append.note() != null) {
                acks.write(append.note(), append.tasks(), append.value());
            }
        }
        pending.clear();
    }
}
