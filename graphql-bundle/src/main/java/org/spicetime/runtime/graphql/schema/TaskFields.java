// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskRetry;

/** Tasks, their dependencies and what they cost. */
final class TaskFields {
    private TaskFields() {}

    static List<Fields<?>> all(Services services) {
        return List.of(task(services), retry(), dependency(services), metrics());
    }

    private static Fields<Task> task(Services services) {
        Fields<Task> task = Fields.of("Task", Task.class);
        TaskHistoryFields.addTo(task, services);
        return task.leaf("id", t -> t.id().toString())
                .leaf("type", t -> t.request().type())
                .leaf("priority", Task::priority)
                .leaf("deadline", Task::deadline)
                .objects("dependencies", (t, call) -> t.dependencies())
                .leaf("status", Task::status)
                .part("metrics", t -> t)
                .objects("domain", (t, call) -> DomainView.of(services.domainOf(t)))
                .leaf("name", t -> t.request().name())
                .leaf("handler", Task::handler)
                .leaf("owner", t -> t.request().owner())
                .leaf("phase", Task::phase)
                .leaf("effectivePriority", Task::effectivePriority)
                .leaf("createdAt", Task::createdAt)
                .leaf("updatedAt", Task::updatedAt)
                .leaf("runAt", t -> t.request().runAt())
                .leaf("onDeadlineMiss", t -> t.request().onDeadlineMiss())
                .leaf("timeout", t -> Numbers.millis(t.request().timeout()))
                .leaf("estimatedDuration", t -> estimate(t.request()))
                .leaf("maxRetries", t -> t.request().maxRetries())
                .part("retry", t -> t.request().retry())
                .leaf("durability", Task::durability)
                .leaf("onCrash", t -> t.request().onCrash())
                .leaf("idempotencyKey", t -> t.request().idempotencyKey())
                .leaf("concurrencyKey", t -> t.request().concurrencyKey())
                .leaf("traceId", t -> t.request().traceId())
                .leaf("progress", t -> Numbers.orNull(t.progress()))
                .leaf("result", t -> PayloadJson.read(t.result()))
                .objects("error", (t, call) -> t.error())
                .leaf("payload", t -> PayloadJson.read(t.request().payload()))
                .leaf("labels", t -> t.request().labels())
                .objects("schedule", (t, call) -> schedule(services, t))
                .objects("dependents", (t, call) -> services.domainOf(t).dependents(t.id()));
    }

    private static @Nullable Schedule schedule(Services services, Task task) {
        TaskRelease release = task.release();
        return release == null
                ? null
                : services.domains()
                        .find(task.domain())
                        .flatMap(domain -> domain.findSchedule(release.schedule()))
                        .orElse(null);
    }

    private static @Nullable Double estimate(TaskRequest request) {
        Duration told = request.estimatedDuration();
        return told == null ? null : (Double) (told.toNanos() / 1e6);
    }

    private static Fields<TaskRetry> retry() {
        return Fields.of("TaskRetry", TaskRetry.class)
                .leaf("backoff", TaskRetry::backoff)
                .leaf("initialDelay", r -> Numbers.millis(r.initialDelay()))
                .leaf("maxDelay", r -> Numbers.millis(r.maxDelay()))
                .leaf("multiplier", TaskRetry::multiplier)
                .leaf("jitter", TaskRetry::jitter);
    }

    private static Fields<TaskDependency> dependency(Services services) {
        return Fields.of("TaskDependency", TaskDependency.class)
                .leaf("taskId", d -> d.task().toString())
                .leaf("type", TaskDependency::type)
                .leaf("timeout", d -> Numbers.millis(d.timeout()))
                .objects("task", (d, call) -> services.domains().findTask(d.task()).orElse(null))
                .leaf("satisfied", TaskDependency::satisfied);
    }

    private static Fields<Task> metrics() {
        return Fields.of("TaskMetrics", Task.class)
                .leaf(
                        "startTime",
                        t -> Objects.requireNonNullElse(t.metrics().startedAt(), t.createdAt()))
                .leaf(
                        "duration",
                        t -> {
                            Duration ran = t.metrics().duration();
                            return ran == null ? null : (Integer) Numbers.millis(ran);
                        })
                .leaf("cpuTime", t -> Numbers.nanosToMillis(t.metrics().cpuNanos()))
                .leaf("memoryPeak", t -> t.metrics().poolPeakBytes())
                .leaf("ioOperations", t -> Numbers.saturated(t.metrics().ioOperations().orElse(0)))
                .leaf("started", t -> t.metrics().startedAt() != null)
                .leaf("startedAt", t -> t.metrics().startedAt())
                .leaf("finishedAt", t -> t.metrics().finishedAt())
                .leaf("ioCount", t -> Numbers.orNull(t.metrics().ioOperations()))
                .leaf("waitTime", t -> Numbers.millis(t.metrics().waitTime()))
                .leaf("cpuTimeNanos", t -> t.metrics().cpuNanos())
                .leaf("cpuTimeAccuracy", t -> t.metrics().cpuAccuracy())
                .leaf("heapAllocated", t -> Numbers.orNull(t.metrics().heapAllocatedBytes()))
                .leaf("preemptions", t -> t.metrics().preemptions())
                .leaf("slack", TaskFields::slack);
    }

    private static @Nullable Integer slack(Task task) {
        Instant deadline = task.deadline();
        if (deadline == null) return null;
        Instant end = task.metrics().finishedAt();
        return Numbers.millis(Duration.between(end == null ? Instant.now() : end, deadline));
    }
}
