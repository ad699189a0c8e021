// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.AdmissionGate;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskRequest;

/**
 * What somebody wants done with tasks. A task may be only in the store, because it waits outside of
 * the window or has finished: it is brought into memory first, outside of the guard, and then
 * changed. Immutable; may wait for the disk.
 */
final class TaskOrders {

    private final HostedDomain domain;
    private final DomainBody body;
    private final ChangedBy who;
    private final Answers answers;

    TaskOrders(HostedDomain domain, ChangedBy who, Answers answers) {
        this.domain = domain;
        this.who = who;
        this.answers = answers;
        body = domain.body();
    }

    /** Admits a task, whose prerequisites are brought into memory. */
    CompletionStage<Task> admit(TaskRequest request) {
        List<TaskRequest> requests = List.of(request.inMicroseconds());
        domain.window().bringPrerequisites(requests);
        // Within the stage: what is appended to an answer hides a refusal in another exception.
        return answers.stage(
                () -> domain.room().admit(requests, AdmissionGate.OPEN).thenApply(List::getFirst));
    }

    /** Admits all of them or none; their prerequisites are brought into memory. */
    CompletionStage<List<Task>> admit(List<TaskRequest> requests, AdmissionGate gate) {
        List<TaskRequest> rounded = requests.stream().map(TaskRequest::inMicroseconds).toList();
        domain.window().bringPrerequisites(rounded);
        return answers.stage(() -> domain.room().admit(rounded, gate));
    }

    CompletionStage<Task> cancel(TaskId id, @Nullable String reason) {
        domain.window().bring(id);
        return answers.stored(() -> {
            domain.returning().bringBack(List.of(id));
            return body.tasks.change(
                    who, id, reason, (kernel, now) -> kernel.cancel(id, reason, now));
        });
    }

    CompletionStage<Task> retry(TaskId id, boolean cascade) {
        return growing(
                id, () -> body.tasks.change(who, (kernel, now) -> kernel.retry(id, cascade, now)));
    }

    CompletionStage<Task> changePriority(TaskId id, int priority) {
        return growing(
                id,
                () ->
                        body.tasks.change(
                                who,
                                id,
                                "priority " + priority,
                                (kernel, now) -> kernel.changePriority(id, priority, now)));
    }

    CompletionStage<Task> suspend(TaskId id) {
        return growing(id, () -> body.tasks.change(who, (kernel, now) -> kernel.suspend(id, now)));
    }

    CompletionStage<Task> resume(TaskId id) {
        return growing(id, () -> body.tasks.change(who, (kernel, now) -> kernel.resume(id, now)));
    }

    /* What the store does not take while it is only read; a task can be cancelled all the same. */
    private CompletionStage<Task> growing(TaskId id, Supplier<CompletionStage<Task>> change) {
        domain.window().bring(id);
        return answers.growing(() -> {
            domain.returning().bringBack(List.of(id));
            return change.get();
        });
    }

    CompletionStage<BulkResult> cancelAll(
            TaskFilter filter, @Nullable String reason, boolean dryRun) {
        if (!dryRun) {
            domain.window().bringAll(filter);
        }
        return answers.stored(() ->
                domain.bulk().cancel(who, filter, reason, domain.pages().parked(filter), dryRun));
    }

    CompletionStage<BulkResult> retryAll(TaskFilter filter, boolean cascade, boolean dryRun) {
        return answers.growing(() -> domain.bulk().retry(who, filter, cascade, dryRun));
    }

    CompletionStage<BulkResult> purgeAll(TaskFilter filter, boolean dryRun) {
        return answers.stored(() -> domain.bulk().purge(who, filter, dryRun));
    }
}
