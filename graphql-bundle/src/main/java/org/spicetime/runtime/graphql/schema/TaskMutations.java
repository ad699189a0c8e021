// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.OPERATOR;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskRequest;

/** The fields of Mutation that concern tasks. */
final class TaskMutations {
    private static final int LARGEST_BATCH = 1000;

    private final Services services;

    TaskMutations(Services services) {
        this.services = services;
    }

    RootFields addTo(RootFields fields) {
        return fields.change("scheduleTask", OPERATOR, this::schedule)
                .change("scheduleTasks", OPERATOR, this::scheduleAll)
                .change(
                        "updateTaskPriority",
                        OPERATOR,
                        call ->
                                task(
                                        call,
                                        (domain, task) ->
                                                domain.changePriority(
                                                        task.id(), call.integer("priority"))))
                .change(
                        "cancelTask",
                        OPERATOR,
                        call ->
                                task(
                                        call,
                                        (domain, task) ->
                                                domain.cancel(
                                                        task.id(),
                                                        (String) call.optional("reason"))))
                .change(
                        "retryTask",
                        OPERATOR,
                        call ->
                                task(
                                        call,
                                        (domain, task) ->
                                                domain.retry(task.id(), call.flag("cascade"))))
                .change(
                        "suspendTask",
                        OPERATOR,
                        call -> task(call, (domain, task) -> domain.suspend(task.id())))
                .change(
                        "resumeTask",
                        OPERATOR,
                        call -> task(call, (domain, task) -> domain.resume(task.id())))
                .change(
                        "cancelTasks",
                        OPERATOR,
                        call ->
                                bulk(
                                        call,
                                        (domain, filter) ->
                                                domain.cancelAll(
                                                        filter,
                                                        (String) call.optional("reason"),
                                                        call.flag("dryRun"))))
                .change(
                        "retryTasks",
                        OPERATOR,
                        call ->
                                bulk(
                                        call,
                                        (domain, filter) ->
                                                domain.retryAll(
                                                        filter,
                                                        call.flag("cascade"),
                                                        call.flag("dryRun"))))
                .change(
                        "purgeTasks",
                        OPERATOR,
                        call ->
                                bulk(
                                        call,
                                        (domain, filter) ->
                                                domain.purgeAll(filter, call.flag("dryRun"))));
    }

    private CompletionStage<Task> task(Call call, Step step) {
        Task task = services.task(call.text("taskId"));
        return step.take(services.domainOf(task, call), task);
    }

    private interface Step {
        CompletionStage<Task> take(Domain domain, Task task);
    }

    private CompletionStage<BulkResult> bulk(Call call, BulkStep step) {
        Domain domain = services.domain(call.text("domainId"), call);
        TaskFilter filter = FilterInputs.tasks(call.optional("filter")).orElse(null);
        if (filter == null) {
            return CompletableFuture.completedFuture(new BulkResult(0, 0, false));
        }
        return step.take(domain, filter);
    }

    private interface BulkStep {
        CompletionStage<BulkResult> take(Domain domain, TaskFilter filter);
    }

    private CompletionStage<Task> schedule(Call call) {
        Input input = call.input("input");
        Domain domain = domain(input, call);
        TaskRequest request = inputs("", 0, call).request(input);
        return domain.scheduleAll(List.of(request), call.scope().newTasks())
                .thenApply(List::getFirst);
    }

    private static TaskInputs inputs(String prefix, int batch, Call call) {
        return new TaskInputs(prefix, call.caller().name(), batch, call.scope().traceId());
    }

    private Domain domain(Input input, Call call) {
        return services.domain(Objects.requireNonNull(input.text("domainId")), call);
    }

    private CompletionStage<List<Task>> scheduleAll(Call call) {
        List<?> inputs = (List<?>) Objects.requireNonNull(call.optional("inputs"));
        if (inputs.isEmpty()) return CompletableFuture.completedFuture(List.of());
        if (inputs.size() > LARGEST_BATCH) {
            throw RefusedException.outOfRange(
                    "inputs", inputs.size() + " tasks", "0 .. " + LARGEST_BATCH + " tasks");
        }
        Domain domain = domain(Input.of(Objects.requireNonNull(inputs.getFirst())), call);
        List<TaskRequest> requests = new ArrayList<>(inputs.size());
        for (Object each : inputs) {
            Input input = Input.of(Objects.requireNonNull(each));
            String prefix = "inputs[" + requests.size() + "].";
            if (!domain.id().value().equals(input.text("domainId"))) {
                throw RefusedException.badInput(
                        prefix + "domainId",
                        "the tasks of one list go to one domain, the first one's is \""
                                + domain.id()
                                + "\"");
            }
            requests.add(inputs(prefix, inputs.size(), call).request(input));
        }
        return domain.scheduleAll(requests, call.scope().newTasks());
    }
}
