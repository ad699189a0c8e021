// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.DeadlineMissPolicy;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskRetry;
import org.spicetime.runtime.api.task.TaskType;

/** Makes task requests of TaskInput; every refusal names the field. Thread-safe. */
final class TaskInputs {
    private static final double LONGEST_ESTIMATE_MILLIS = Duration.ofDays(365).toMillis();
    private static final Pattern IN_BATCH = Pattern.compile("#(0|[1-9][0-9]{0,3})");

    private final String prefix;
    private final String owner;
    private final int batch;
    private final @Nullable String traceId;

    /**
     * Inputs of one caller.
     *
     * @param prefix of field names in refusals, e.g. {@code inputs[3].}
     * @param batch size of the batch it belongs to; 0: none
     * @param traceId the trace of the request, for a task; null: none, or for a schedule
     */
    TaskInputs(String prefix, String owner, int batch, @Nullable String traceId) {
        this.prefix = prefix;
        this.owner = owner;
        this.batch = batch;
        this.traceId = traceId;
    }

    TaskRequest request(Input input) {
        TaskType type = input.choice("type", TaskType.class);
        if (type == null) throw RefusedException.badInput(prefix + "type", "is missing");
        TaskRequest.Builder builder =
                TaskRequest.of(type)
                        .deadline(input.instant("deadline"))
                        .relativeDeadline(positive(input, "relativeDeadline"))
                        .period(positive(input, "period"))
                        .runAt(input.instant("runAt"))
                        .name(input.text("name"))
                        .handler(input.text("handler"))
                        .payload(PayloadJson.write(input.get("payload")))
                        .estimatedDuration(estimate(input))
                        .labels(input.labels("labels"))
                        .idempotencyKey(input.text("idempotencyKey"))
                        .concurrencyKey(input.text("concurrencyKey"))
                        .durability(input.choice("durability", Durability.class))
                        .owner(owner)
                        .traceId(traceId);
        Integer priority = input.integer("priority");
        if (priority != null) builder.priority(priority);
        Duration timeout = input.millis("timeout", prefix + "timeout");
        if (timeout != null) builder.timeout(timeout);
        Long memory = input.wide("memory", prefix + "memory");
        if (memory != null) {
            if (memory < 1) {
                throw RefusedException.outOfRange(prefix + "memory", memory, "1 byte or more");
            }
            builder.memory(memory);
        }
        Integer retries = input.integer("maxRetries");
        if (retries != null) builder.maxRetries(retries);
        DeadlineMissPolicy miss = input.choice("onDeadlineMiss", DeadlineMissPolicy.class);
        if (miss != null) builder.onDeadlineMiss(miss);
        CrashPolicy crash = input.choice("onCrash", CrashPolicy.class);
        if (crash != null) builder.onCrash(crash);
        Input retry = input.object("retry");
        if (retry != null) builder.retry(retry(retry));
        int position = 0;
        for (Object dependency : input.list("dependencies")) {
            builder.dependsOn(dependency(Input.of(dependency), position++));
        }
        return Checked.value(prefix, builder::build);
    }

    private @Nullable Duration positive(Input input, String name) {
        Integer value = input.integer(name);
        if (value == null) return null;
        if (value < 1) throw RefusedException.outOfRange(prefix + name, value, "1 .. 2147483647");
        return Duration.ofMillis(value);
    }

    private @Nullable Duration estimate(Input input) {
        Double millis = input.number("estimatedDuration");
        if (millis == null) return null;
        if (!(millis >= 1e-6 && millis <= LONGEST_ESTIMATE_MILLIS)) {
            throw RefusedException.outOfRange(
                    prefix + "estimatedDuration",
                    millis,
                    "1.0E-6 .. " + (long) LONGEST_ESTIMATE_MILLIS + " milliseconds");
        }
        return Duration.ofNanos(Math.round(millis * 1e6));
    }

    private TaskRetry retry(Input input) {
        BackoffStrategy backoff = input.choice("backoff", BackoffStrategy.class);
        Duration initial = input.millis("initialDelay", prefix + "retry.initialDelay");
        Duration max = input.millis("maxDelay", prefix + "retry.maxDelay");
        Double multiplier = input.number("multiplier");
        Double jitter = input.number("jitter");
        TaskRetry standard = TaskRetry.DEFAULT;
        return Checked.value(
                prefix + "retry.",
                () ->
                        new TaskRetry(
                                backoff == null ? standard.backoff() : backoff,
                                initial == null ? standard.initialDelay() : initial,
                                max == null ? standard.maxDelay() : max,
                                multiplier == null ? standard.multiplier() : multiplier,
                                jitter == null ? standard.jitter() : jitter));
    }

    private DependencyRequest dependency(Input input, int position) {
        String field = prefix + "dependencies[" + position + "]";
        DependencyType type = input.choice("type", DependencyType.class);
        Duration timeout = input.millis("timeout", field + ".timeout");
        return new DependencyRequest(
                reference(String.valueOf(input.text("taskId")), field + ".taskId"),
                type == null ? DependencyType.SUCCESS : type,
                timeout == null ? Duration.ZERO : timeout);
    }

    private TaskRef reference(String text, String field) {
        Matcher inBatch = IN_BATCH.matcher(text);
        if (inBatch.matches()) {
            int index = Integer.parseInt(inBatch.group(1));
            if (batch == 0) {
                throw RefusedException.badInput(
                        field, "#n names a task of the same scheduleTasks, here is only one task");
            }
            if (index >= batch) {
                throw RefusedException.outOfRange(field, text, "#0 .. #" + (batch - 1));
            }
            return new TaskRef.InBatch(index);
        }
        TaskId id = Services.taskId(text);
        if (id == null) {
            throw RefusedException.badInput(
                    field,
                    "there is no task of this id, was \"" + PayloadJson.excerpt(text) + "\"");
        }
        return new TaskRef.Existing(id);
    }
}
