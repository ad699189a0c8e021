// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.store;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.benchmarks.Lab;
import org.spicetime.runtime.benchmarks.load.JobEngine;

/**
 * A domain of the host as an engine for jobs. A job has ended when its end is on the disk: a task
 * is not COMPLETED before. Thread-safe.
 */
final class DurableDomain implements JobEngine {
    static final int WORKERS = 16;

    private static final Payload FILLER =
            Payload.json(
                    "{\"filler\":\"" + PAYLOAD.substring("{\"filler\":\"\"}".length()) + "\"}");
    private static final long PATIENCE_SECONDS = 30;

    private final Lab lab;
    private final Domain domain;

    DurableDomain(Lab lab, int workers) throws InterruptedException {
        this.lab = lab;
        domain =
                lab.domain(
                        new ConfigPatch(
                                Map.of(
                                        "scheduler",
                                        Map.of("policy", "FIFO"),
                                        "executor",
                                        Map.of("parallelism", workers, "queueCapacity", 0))));
    }

    Domain domain() {
        return domain;
    }

    /** A task that does nothing, with the payload all engines get. */
    static TaskRequest request() {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler("benchmark.nothing")
                .payload(FILLER)
                .durability(Durability.DURABLE)
                .build();
    }

    Task schedule() throws Exception {
        return domain.schedule(request())
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Hands in a task and waits until it has ended. */
    void cycle() throws Exception {
        end(schedule().id());
    }

    /** Waits until a task has ended well. */
    Task end(TaskId id) throws Exception {
        CompletableFuture<Task> end = new CompletableFuture<>();
        Watch watch =
                domain.watchTask(
                        id,
                        state -> {
                            if (state.phase().isFinal()) end.complete(state);
                        });
        try {
            Task task = end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (task.phase() != TaskPhase.COMPLETED)
                throw new IllegalStateException("a task that does nothing ended " + task.phase());
            return task;
        } finally {
            watch.close();
        }
    }

    @Override
    public void enqueue() throws Exception {
        schedule();
    }

    @Override
    public long ended() {
        return domain.metrics().tasksCompleted();
    }

    @Override
    public void close() {
        try {
            lab.delete(domain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
