// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.osgi.framework.ServiceRegistration;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.benchmarks.Lab;

/**
 * A domain in whose tasks jobs are done, each on the thread of a task of its own. The work bundle
 * must be there. Thread-safe.
 */
@SuppressWarnings("rawtypes")
final class TaskPlace implements AutoCloseable {
    private static final String HANDLER = "benchmark.lend";
    private static final long LOOK_NANOS = 200_000;

    /**
     * What a task has.
     *
     * @param memory of the task
     * @param arena that ends with the task
     * @param checkpoint of the task
     */
    record Lent(TaskMemory memory, Arena arena, Runnable checkpoint) {}

    /** Something done in a task. */
    @FunctionalInterface
    interface Job<T> {
        T with(Lent lent) throws Exception;
    }

    private final Lab lab;
    private final Domain domain;
    private final ServiceRegistration<BiConsumer> offered;
    private final Map<Long, BiConsumer<Lent, CompletableFuture<Object>>> jobs =
            new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Object>> results = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    TaskPlace(Lab lab, Map<String, Object> config) throws InterruptedException {
        this.lab = lab;
        domain = lab.domain(new ConfigPatch(config));
        BiConsumer<Long, Object[]> doer = this::perform;
        offered = lab.offer(BiConsumer.class, doer, domain.id().toString());
    }

    Domain domain() {
        return domain;
    }

    /** Does a job in a task and waits until the task has ended. */
    <T> T run(Job<T> job) throws Exception {
        return start(job).await();
    }

    /** Begins a job in a task. */
    <T> Started<T> start(Job<T> job) throws InterruptedException {
        long number = numbers.incrementAndGet();
        CompletableFuture<Object> result = new CompletableFuture<>();
        results.put(number, result);
        jobs.put(
                number,
                (lent, into) -> {
                    try {
                        into.complete(job.with(lent));
                    } catch (Exception failed) {
                        into.completeExceptionally(failed);
                    }
                });
        Task task =
                Lab.await(
                        domain.schedule(
                                        TaskRequest.of(TaskType.COMPUTATION)
                                                .handler(HANDLER)
                                                .payload(
                                                        Payload.json("{\"number\":" + number + "}"))
                                                .build())
                                .toCompletableFuture());
        return new Started<>(task, result);
    }

    @Override
    public void close() {
        offered.unregister();
        try {
            lab.delete(domain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the thread of a task. */
    private void perform(long number, Object[] had) {
        BiConsumer<Lent, CompletableFuture<Object>> job = jobs.remove(number);
        CompletableFuture<Object> result = results.remove(number);
        if (job == null || result == null) throw new IllegalStateException("no job " + number);
        job.accept(new Lent((TaskMemory) had[0], (Arena) had[1], (Runnable) had[2]), result);
    }

    /** A job on its way. */
    final class Started<T> {
        private final Task task;
        private final CompletableFuture<Object> result;

        private Started(Task task, CompletableFuture<Object> result) {
            this.task = task;
            this.result = result;
        }

        /** Waits until it is done and its task has ended. */
        @SuppressWarnings("unchecked")
        T await() throws Exception {
            Task now = task;
            while (!now.phase().isFinal()) {
                LockSupport.parkNanos(LOOK_NANOS);
                now = domain.task(task.id()).orElseThrow();
            }
            if (!result.isDone())
                throw new IllegalStateException(
                        "a task of the benchmarks ended %s: %s"
                                .formatted(now.phase(), now.error()));
            try {
                return (T) result.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) throw cause;
                throw e;
            }
        }
    }
}
