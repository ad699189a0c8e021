// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.TaskDemand;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * Single tasks with a deadline, as demands. What was admitted under a guarantee counts until its
 * deadline, also when it is done before: the time it took was promised to nobody else. Thread-safe.
 */
final class SingleDemands {

    /** Most tasks that are analysed. */
    static final int MOST = 1000;

    private final DomainBody body;

    /* One decision at a time, over an analysis and the admission after it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<UUID, Promise> promised = new HashMap<>();

    private record Promise(TaskDemand demand, Instant deadline) {}

    /** A task that has not ended. Immutable. */
    record Unfinished(TaskId id, TaskRequest request, long relativeDeadline) {}

    /** Makes a demand of a request. */
    interface AsDemand {
        TaskDemand of(UUID id, TaskRequest request, long relativeDeadline);
    }

    /** Refuses demands that cannot be guaranteed together with others. */
    interface Check {
        void together(List<TaskDemand> fresh, List<TaskDemand> known);
    }

    SingleDemands(DomainBody body) {
        this.body = body;
    }

    /** What was promised and is not over. */
    List<TaskDemand> known() {
        lock.lock();
        try {
            Instant now = body.node.clock().instants().instant();
            promised.values().removeIf(promise -> promise.deadline().isBefore(now));
            return promised.values().stream().map(Promise::demand).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Promises time to those requests that have a deadline, or refuses all.
     *
     * @return what takes the promise back
     */
    Runnable take(List<TaskRequest> requests, AsDemand asDemand, Check check) {
        lock.lock();
        try {
            Instant now = body.node.clock().instants().instant();
            List<TaskDemand> known = known();
            Map<UUID, Promise> fresh = new HashMap<>();
            for (TaskRequest request : requests) {
                Instant release =
                        request.runAt() != null && request.runAt().isAfter(now)
                                ? request.runAt()
                                : now;
                Instant deadline = deadline(request, release);
                if (deadline == null || !deadline.isAfter(release)) {
                    continue;
                }
                UUID id = UUID.randomUUID();
                long span = nanos(Duration.between(release, deadline));
                fresh.put(id, new Promise(asDemand.of(id, request, span), deadline));
            }
            if (known.size() + fresh.size() > MOST) {
                throw RefusedException.exhausted(
                        "domain \""
                                + body.id()
                                + "\" guarantees "
                                + known.size()
                                + " single tasks, and at most "
                                + MOST
                                + "; wait until a deadline is over",
                        fresh.size(),
                        Math.max(0, MOST - known.size()));
            }
            check.together(fresh.values().stream().map(Promise::demand).toList(), known);
            promised.putAll(fresh);
            return () -> takeBack(fresh);
        } finally {
            lock.unlock();
        }
    }

    private void takeBack(Map<UUID, Promise> promises) {
        lock.lock();
        try {
            promised.keySet().removeAll(promises.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Those of the domain that have not ended and are no releases; one more than {@link #MOST}. */
    List<Unfinished> unfinished() {
        List<Unfinished> found = new ArrayList<>();
        body.tasks.run((kernel, now) ->
                kernel.forEach(entry -> {
                    if (entry.isFinal()
                            || entry.release() != null
                            || entry.deadlineInstant() == null
                            || found.size() > MOST) {
                        return;
                    }
                    TaskRequest request = entry.request();
                    Instant begin = request.runAt() == null ? entry.createdAt() : request.runAt();
                    long span = nanos(Duration.between(begin, entry.deadlineInstant()));
                    found.add(new Unfinished(entry.taskId(), request, Math.max(1, span)));
                }));
        return found;
    }

    private static @Nullable Instant deadline(TaskRequest request, Instant release) {
        Duration relative = request.relativeDeadline();
        if (relative == null) {
            return request.deadline();
        }
        try {
            return release.plus(relative);
        } catch (DateTimeException | ArithmeticException tooFar) {
            return null;
        }
    }

    private static long nanos(Duration span) {
        try {
            return span.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }
}
