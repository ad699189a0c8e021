// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

/** Whether a batch can be admitted, before anything is changed. Called by one thread at a time. */
final class AdmissionCheck {
    private final KernelSettings settings;
    private final TaskTable table;
    private final Now now;

    AdmissionCheck(KernelSettings settings, TaskTable table, Now now) {
        this.settings = settings;
        this.table = table;
        this.now = now;
    }

    /**
     * @throws RefusedException naming what is wrong; of a batch also the {@code index} of the task
     */
    void check(List<Admission> batch) {
        checkCapacity(batch.size());
        Set<TaskId> ids = new HashSet<>(batch.size() * 2);
        boolean connected = false;
        for (int i = 0; i < batch.size(); i++) {
            Admission admission = batch.get(i);
            try {
                if (!ids.add(admission.id()) || table.get(admission.id()) != null)
                    throw RefusedException.conflict("task " + admission.id() + " exists already");
                priorityOf(admission.request());
                durabilityOf(admission.request());
                checkTimes(admission.request());
                connected |= checkDependencies(admission, i, batch.size());
            } catch (RefusedException refused) {
                throw batch.size() == 1 ? refused : refused.with("index", i);
            }
        }
        if (connected) new CycleCheck(batch).check();
    }

    void checkCapacity(int requested) {
        int capacity = settings.queueCapacity();
        int unfinished = table.unfinished();
        if (capacity > 0 && requested > capacity - unfinished)
            throw RefusedException.exhausted(
                    "the queue holds "
                            + unfinished
                            + " of at most "
                            + capacity
                            + " unfinished tasks, no room for "
                            + requested
                            + " more; try again later",
                    requested,
                    Math.max(0, capacity - unfinished));
    }

    int priorityOf(TaskRequest request) {
        return request.priority().isEmpty()
                ? settings.priorities().defaultPriority()
                : checkPriority(request.priority().getAsInt());
    }

    int checkPriority(int priority) {
        int min = settings.priorities().min();
        int max = settings.priorities().max();
        if (priority < min || priority > max)
            throw RefusedException.outOfRange("priority", priority, min + " .. " + max);
        return priority;
    }

    Durability durabilityOf(TaskRequest request) {
        Durability durability =
                request.durability() == null ? settings.durability() : request.durability();
        if (durability == Durability.DURABLE && !settings.durableStore())
            throw RefusedException.notAvailable(
                    "durability", durability.name(), List.of(Durability.VOLATILE.name()));
        return durability;
    }

    @Nullable Instant deadlineOf(TaskRequest request) {
        Duration relative = request.relativeDeadline();
        if (relative == null) return request.deadline();
        Instant runAt = request.runAt();
        Instant release = runAt != null && runAt.isAfter(now.instant()) ? runAt : now.instant();
        try {
            return release.plus(relative);
        } catch (DateTimeException | ArithmeticException tooFar) {
            throw RefusedException.outOfRange(
                    "relativeDeadline", relative, "at most until " + Instant.MAX);
        }
    }

    private void checkTimes(TaskRequest request) {
        Instant deadline = deadlineOf(request);
        if (deadline == null) return;
        if (!deadline.isAfter(now.instant()))
            throw RefusedException.badInput(
                    "deadline", "must be in the future, was " + deadline + " at " + now.instant());
        if (request.runAt() != null && !deadline.isAfter(request.runAt()))
            throw RefusedException.badInput(
                    "deadline", "must be after runAt " + request.runAt() + ", was " + deadline);
    }

    /* True: it depends on a task of its batch. */
    private boolean checkDependencies(Admission admission, int index, int batchSize) {
        boolean connected = false;
        for (DependencyRequest dependency : admission.request().dependencies()) {
            switch (dependency.task()) {
                case TaskRef.InBatch(int other) -> {
                    if (other >= batchSize)
                        throw RefusedException.outOfRange(
                                "dependencies",
                                "#" + other,
                                "#0 .. #" + (batchSize - 1) + " inside a batch");
                    if (other == index) throw dependsOnItself("#" + index);
                    connected = true;
                }
                case TaskRef.Existing(TaskId id) -> {
                    if (id.equals(admission.id())) throw dependsOnItself(id.toString());
                    if (table.get(id) == null && !admission.foreign().containsKey(id))
                        throw RefusedException.badInput(
                                        "dependencies",
                                        "there is no task "
                                                + id
                                                + "; name one that was admitted and is still kept")
                                .with("missing", id.toString());
                }
            }
        }
        return connected;
    }

    private static RefusedException dependsOnItself(String name) {
        return RefusedException.badInput(
                        "dependencies", "a task cannot depend on itself: " + name + " -> " + name)
                .with("path", List.of(name, name));
    }
}
