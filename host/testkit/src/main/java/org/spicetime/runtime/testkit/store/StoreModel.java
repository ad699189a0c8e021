// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.LogLine;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * The state machine of stored tasks once more, as plainly as it can be written: what the random
 * test expects of a store. Draws events, legal and illegal ones, and says what they do. Used by one
 * thread.
 */
final class StoreModel {

    /** A task as the model knows it. */
    static final class Known {
        final Task task;
        TaskPhase phase;
        @Nullable TaskPhase before;
        int attempt;
        int left;
        int priority;
        long rank;
        boolean missed;
        boolean purged;
        @Nullable Instant readyAt;
        final Set<TaskId> open = new HashSet<>();

        Known(Task task, long rank) {
            this.task = task;
            this.rank = rank;
            phase = task.phase();
            left = 1 + task.request().maxRetries();
            priority = task.priority();
            readyAt = phase == TaskPhase.SCHEDULED ? task.request().runAt() : null;
            task.dependencies().forEach(edge -> open.add(edge.task()));
        }

        boolean runs() {
            return phase == TaskPhase.RUNNING || phase == TaskPhase.CANCELLING;
        }

        boolean idle() {
            return !runs() && !phase.isFinal();
        }
    }

    /** An event, and what becomes of the task if it is legal; null: it is to be refused. */
    record Drawn(TaskEvent event, @Nullable Runnable effect) {}

    final Map<TaskId, Known> tasks = new HashMap<>();
    final List<Known> order = new ArrayList<>();

    private final Random random;
    private final StoreFixture words;

    StoreModel(Random random, StoreFixture words) {
        this.random = random;
        this.words = words;
    }

    void admitted(Task task, long rank) {
        Known known = new Known(task, rank);
        tasks.put(task.id(), known);
        order.add(known);
    }

    Known any() {
        return order.get(random.nextInt(order.size()));
    }

    /** Another owner: what ran is settled by its crash policy. */
    void takenOver() {
        for (Known known : order) {
            if (known.phase == TaskPhase.CANCELLING) {
                move(known, TaskPhase.CANCELLED);
            } else if (known.phase == TaskPhase.RUNNING) {
                CrashPolicy policy = known.task.request().onCrash();
                if (policy == CrashPolicy.ASK) {
                    move(known, TaskPhase.SUSPENDED);
                    known.before = TaskPhase.READY;
                } else if (policy == CrashPolicy.RETRY && known.left > 0) {
                    move(known, TaskPhase.RETRY_WAIT);
                } else {
                    move(known, TaskPhase.FAILED);
                }
            }
        }
    }

    private static void move(Known known, TaskPhase to) {
        known.phase = to;
        known.before = null;
        known.readyAt = null;
    }

    private static @Nullable Runnable only(boolean legal, Runnable effect) {
        return legal ? effect : null;
    }

    /** Some event about a task. */
    Drawn draw(Known known, Lease lease, Instant now) {
        TaskId id = known.task.id();
        int attempt = random.nextInt(12) == 0 ? known.attempt + 1 : Math.max(1, known.attempt);
        boolean ours = known.runs() && attempt == known.attempt && !known.purged;
        boolean there = !known.purged;
        return switch (random.nextInt(18)) {
            case 0 -> {
                long rank = random.nextInt(20);
                yield new Drawn(
                        new TaskEvent.BecameReady(id, now, rank),
                        only(
                                there
                                        && (known.phase == TaskPhase.SCHEDULED
                                                || known.phase == TaskPhase.RETRY_WAIT),
                                () -> {
                                    move(known, TaskPhase.READY);
                                    known.rank = rank;
                                }));
            }
            case 1, 2 -> dependency(known, now);
            case 3, 4, 5 -> {
                int next = Math.max(1, known.attempt + (random.nextInt(12) == 0 ? 0 : 1));
                yield new Drawn(
                        new TaskEvent.Started(id, now, lease.claim(next)),
                        only(
                                there && known.phase == TaskPhase.READY && next > known.attempt,
                                () -> {
                                    move(known, TaskPhase.RUNNING);
                                    known.attempt = next;
                                    known.left = Math.max(0, known.left - 1);
                                }));
            }
            case 6 ->
                    new Drawn(
                            new TaskEvent.Progress(id, now, lease.claim(attempt), 0.5),
                            only(ours, () -> {}));
            case 7, 8 ->
                    new Drawn(
                            words.completed(known.task, attempt),
                            only(ours, () -> move(known, TaskPhase.COMPLETED)));
            case 9 -> ended(known, lease, now, attempt, ours && there);
            case 10 -> {
                Instant readyAt = now.plusSeconds(1 + random.nextInt(50));
                yield new Drawn(
                        new TaskEvent.RetryAt(
                                id,
                                now,
                                lease.claim(attempt),
                                readyAt,
                                StoreFixture.error(id),
                                StoreFixture.NO_COST),
                        only(
                                ours && known.phase == TaskPhase.RUNNING,
                                () -> {
                                    move(known, TaskPhase.RETRY_WAIT);
                                    known.readyAt = readyAt;
                                }));
            }
            case 11 ->
                    new Drawn(
                            new TaskEvent.CancelRequested(id, now, "eve", "why"),
                            only(
                                    there && known.phase == TaskPhase.RUNNING,
                                    () -> {
                                        known.before = known.phase;
                                        known.phase = TaskPhase.CANCELLING;
                                    }));
            case 12 ->
                    new Drawn(
                            new TaskEvent.Suspended(id, now, "eve"),
                            only(
                                    there && known.idle() && known.phase != TaskPhase.SUSPENDED,
                                    () -> {
                                        known.before = known.phase;
                                        known.phase = TaskPhase.SUSPENDED;
                                    }));
            case 13 -> resumed(known, now);
            case 14 -> {
                int budget = 1 + random.nextInt(3);
                boolean again =
                        there && known.phase.isFinal() && known.phase != TaskPhase.COMPLETED;
                yield new Drawn(
                        new TaskEvent.Retried(id, now, "eve", budget, TaskPhase.READY, 7),
                        only(
                                again,
                                () -> {
                                    move(known, TaskPhase.READY);
                                    known.left = budget;
                                    known.rank = 7;
                                }));
            }
            case 15 -> {
                int priority = random.nextInt(10);
                yield new Drawn(
                        new TaskEvent.Changed(id, now, "eve", priority, -priority),
                        only(
                                there && !known.phase.isFinal(),
                                () -> {
                                    known.priority = priority;
                                    known.rank = -priority;
                                }));
            }
            case 16 ->
                    random.nextBoolean()
                            ? new Drawn(
                                    new TaskEvent.DeadlineMissed(id, now),
                                    only(there && !known.missed, () -> known.missed = true))
                            : new Drawn(
                                    new TaskEvent.AttemptLogged(
                                            id,
                                            now,
                                            lease.claim(attempt),
                                            List.of(
                                                    new LogLine(
                                                            now, System.Logger.Level.INFO, "x")),
                                            0),
                                    only(there && attempt <= known.attempt, () -> {}));
            default ->
                    new Drawn(
                            new TaskEvent.Purged(id, now, "eve"),
                            only(there && known.phase.isFinal(), () -> known.purged = true));
        };
    }

    private Drawn dependency(Known known, Instant now) {
        TaskId on =
                known.task.dependencies().isEmpty()
                        ? known.task.id()
                        : known.task
                                .dependencies()
                                .get(random.nextInt(known.task.dependencies().size()))
                                .task();
        Set<TaskId> left = new HashSet<>(known.open);
        left.remove(on);
        TaskPhase after = left.isEmpty() ? TaskPhase.READY : TaskPhase.WAITING_DEPENDENCY;
        Runnable effect =
                only(
                        !known.purged
                                && known.phase == TaskPhase.WAITING_DEPENDENCY
                                && !known.task.dependencies().isEmpty(),
                        () -> {
                            known.open.remove(on);
                            move(known, after);
                        });
        TaskId id = known.task.id();
        return random.nextBoolean()
                ? new Drawn(new TaskEvent.DependencyResolved(id, now, on, after), effect)
                : new Drawn(new TaskEvent.DependencyFailed(id, now, on, false, after), effect);
    }

    private Drawn ended(Known known, Lease lease, Instant now, int attempt, boolean ours) {
        TaskId id = known.task.id();
        boolean claimed = random.nextBoolean();
        var claim = claimed ? lease.claim(attempt) : null;
        boolean legal = claimed ? ours : !known.purged && known.idle();
        return switch (random.nextInt(3)) {
            case 0 ->
                    new Drawn(
                            new TaskEvent.Failed(
                                    id,
                                    now,
                                    claim,
                                    StoreFixture.error(id),
                                    words.ending(TaskPhase.FAILED)),
                            only(legal, () -> move(known, TaskPhase.FAILED)));
            case 1 ->
                    new Drawn(
                            new TaskEvent.TimedOut(
                                    id,
                                    now,
                                    claim,
                                    StoreFixture.error(id),
                                    words.ending(TaskPhase.TIMED_OUT)),
                            only(legal, () -> move(known, TaskPhase.TIMED_OUT)));
            default ->
                    new Drawn(
                            new TaskEvent.Cancelled(
                                    id,
                                    now,
                                    claim,
                                    "eve",
                                    StoreFixture.error(id),
                                    words.ending(TaskPhase.CANCELLED)),
                            only(legal, () -> move(known, TaskPhase.CANCELLED)));
        };
    }

    private Drawn resumed(Known known, Instant now) {
        TaskPhase after =
                known.before == null || known.phase != TaskPhase.SUSPENDED
                        ? TaskPhase.READY
                        : known.before;
        return new Drawn(
                new TaskEvent.Resumed(known.task.id(), now, "eve", after),
                only(
                        !known.purged && known.phase == TaskPhase.SUSPENDED,
                        () -> {
                            Instant readyAt = known.readyAt;
                            move(known, after);
                            known.readyAt =
                                    switch (after) {
                                        case RETRY_WAIT -> readyAt;
                                        case SCHEDULED -> known.task.request().runAt();
                                        default -> null;
                                    };
                        }));
    }

    /** A request with some of everything. */
    Task newTask() {
        int kind = random.nextInt(4);
        CrashPolicy[] policies = CrashPolicy.values();
        int retries = random.nextInt(3);
        int priority = random.nextInt(10);
        CrashPolicy policy = policies[random.nextInt(policies.length)];
        Instant runAt = words.now().plus(Duration.ofSeconds(1 + random.nextInt(100)));
        TaskPhase phase =
                kind == 0 && order.size() > 2
                        ? TaskPhase.WAITING_DEPENDENCY
                        : kind == 1 ? TaskPhase.SCHEDULED : TaskPhase.READY;
        return words.task(
                phase,
                request -> {
                    request.maxRetries(retries).priority(priority).onCrash(policy);
                    if (phase == TaskPhase.WAITING_DEPENDENCY) {
                        Set<Known> on = new LinkedHashSet<>(List.of(any()));
                        on.add(any());
                        on.forEach(known -> request.dependsOn(StoreFixture.on(known.task)));
                    } else if (phase == TaskPhase.SCHEDULED) {
                        request.runAt(runAt);
                    }
                    return request;
                });
    }
}
