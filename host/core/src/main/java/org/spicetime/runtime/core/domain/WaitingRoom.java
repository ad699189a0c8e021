// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.AdmissionGate;
import org.spicetime.runtime.api.domain.ExecutorConfig;
import org.spicetime.runtime.api.domain.OverflowPolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.kernel.task.DomainKernel;

/**
 * Where requests wait, without a thread, while the queue of the domain is full and its overflow
 * policy is WAIT: first come, first served, each for at most {@code maxWait}. Thread-safe.
 */
final class WaitingRoom {

    /** Most requests that wait at a time. */
    static final int MOST = 1000;

    private final DomainBody body;
    private final DomainAdmission admission;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean serving = new AtomicBoolean();

    /* Guarded by the lock. */
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

    /* Written under the lock, read without. */
    private volatile long next = Long.MAX_VALUE;

    private record Waiting(
            List<TaskRequest> requests,
            long until,
            Duration limit,
            CompletableFuture<List<Task>> answer) {}

    WaitingRoom(DomainBody body, DomainAdmission admission) {
        this.body = body;
        this.admission = admission;
    }

    /** Admits the requests, now or as soon as there is room for them; the gate is asked once. */
    CompletionStage<List<Task>> admit(List<TaskRequest> requests, AdmissionGate gate) {
        ExecutorConfig config = body.config().executor();
        if (config.overflowPolicy() != OverflowPolicy.WAIT || config.maxWait().isZero()) {
            return admission.admit(requests, gate);
        }
        boolean first = isEmpty();
        if (first) {
            try {
                return admission.admit(requests, gate);
            } catch (RefusedException refused) {
                if (!mayWait(requests, refused)) {
                    throw refused;
                }
            }
        }
        Optional<List<Task>> repeated = admission.repeated(requests);
        if (repeated.isPresent()) {
            return CompletableFuture.completedFuture(repeated.get());
        }
        if (!first) {
            gate.pass(requests.size());
        }
        return enter(requests, config.maxWait());
    }

    /* Only for room; never for more of it than the domain has. */
    private boolean mayWait(List<TaskRequest> requests, RefusedException refused) {
        return refused.code() == RuntimeErrorCode.RESOURCE_EXHAUSTED
                && requests.size() <= body.config().executor().queueCapacity()
                && isFull(requests.size());
    }

    private boolean isFull(int more) {
        return body.tasks.with(kernel -> isFull(kernel, more));
    }

    private static boolean isFull(DomainKernel kernel, int more) {
        int capacity = kernel.settings().queueCapacity();
        return capacity > 0 && more > capacity - kernel.unfinished();
    }

    private CompletionStage<List<Task>> enter(List<TaskRequest> requests, Duration maxWait) {
        long until = body.node.clock().nanos().getAsLong() + maxWait.toNanos();
        Waiting waiting = new Waiting(requests, until, maxWait, new CompletableFuture<>());
        lock.lock();
        try {
            if (queue.size() >= MOST) {
                throw RefusedException.exhausted(
                        "the queue of domain \""
                                + body.id()
                                + "\" is full and "
                                + MOST
                                + " requests wait for room already; try again later",
                        requests.size(),
                        0);
            }
            queue.add(waiting);
            plan();
        } finally {
            lock.unlock();
        }
        // Room that came between the refusal and now was told to nobody.
        changed();
        return waiting.answer();
    }

    /** When the next one has waited long enough; {@link Long#MAX_VALUE}: nobody waits. */
    long nextNanos() {
        return next;
    }

    /** Whether nobody waits. */
    boolean isEmpty() {
        return next == Long.MAX_VALUE;
    }

    /** There may be room, or the domain may admit nothing any more. Any thread, guard or not. */
    void changed() {
        if (!isEmpty() && serving.compareAndSet(false, true)) {
            try {
                body.node.control().execute(this::serve);
            } catch (RejectedExecutionException hostStops) {
                serve();
            }
        }
    }

    private void serve() {
        boolean more = true;
        while (more) {
            serving.set(true);
            Waiting first = first();
            while (first != null && answer(first)) {
                first = first();
            }
            serving.set(false);
            // What changed after the last look found this thread serving.
            Waiting left = first();
            more = left != null && canServe(left) && serving.compareAndSet(false, true);
        }
    }

    private boolean canServe(Waiting waiting) {
        return !isFull(waiting.requests().size());
    }

    /** Whether it is done with; false: there is no room for it. */
    private boolean answer(Waiting waiting) {
        try {
            if (admits() && !canServe(waiting)) {
                return false;
            }
            CompletionStage<List<Task>> admitted =
                    admission.admit(waiting.requests(), AdmissionGate.OPEN);
            leave(waiting);
            admitted.whenComplete((tasks, failure) -> {
                if (failure == null) {
                    waiting.answer().complete(tasks);
                } else {
                    waiting.answer().completeExceptionally(failure);
                }
            });
        } catch (RefusedException refused) {
            if (mayWait(waiting.requests(), refused)) {
                return false;
            }
            leave(waiting);
            waiting.answer().completeExceptionally(refused);
        }
        return true;
    }

    private boolean admits() {
        body.guard.enter();
        try {
            return body.life.admits();
        } finally {
            body.guard.leave();
        }
    }

    private @Nullable Waiting first() {
        lock.lock();
        try {
            return queue.peekFirst();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Waiting waiting) {
        lock.lock();
        try {
            queue.remove(waiting);
            plan();
        } finally {
            lock.unlock();
        }
    }

    /** Turns away those that have waited long enough. By the timer. */
    void elapsed(long now) {
        if (next > now) {
            return;
        }
        List<Waiting> late = new ArrayList<>();
        lock.lock();
        try {
            queue.removeIf(waiting -> waiting.until() <= now && late.add(waiting));
            plan();
        } finally {
            lock.unlock();
        }
        for (Waiting waiting : late) {
            RefusedException refusal =
                    RefusedException.exhausted(
                            "the queue of domain \""
                                    + body.id()
                                    + "\" was full for "
                                    + waiting.limit().toMillis()
                                    + " ms, the longest a request waits; try again later",
                            waiting.requests().size(),
                            0);
            body.node.notifier().execute(() -> waiting.answer().completeExceptionally(refusal));
        }
    }

    private void plan() {
        long first = Long.MAX_VALUE;
        for (Waiting waiting : queue) {
            first = Math.min(first, waiting.until());
        }
        boolean sooner = first < next;
        next = first;
        if (sooner) {
            body.node.timer().rearm(first);
        }
    }
}
