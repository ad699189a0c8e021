// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.Ending;
import org.spicetime.runtime.api.store.InputHash;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.CrashPolicy;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** Tasks whose content follows from their ids, so that a wrong one is noticed. Thread-safe. */
final class SampleTask {

    /** How often a task is tried again. */
    static final int RETRIES = 2;

    private static final int MOST_FILL = 1500;
    private static final TaskMetrics NO_COST =
            new TaskMetrics(
                    null,
                    null,
                    null,
                    Duration.ZERO,
                    0,
                    MeasurementAccuracy.EXACT,
                    0,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    0);

    private SampleTask() {}

    static Payload payload(TaskId id) {
        byte[] bytes = new byte[random(id).nextInt(MOST_FILL)];
        random(id).nextBytes(bytes);
        return new Payload(bytes, "application/octet-stream");
    }

    static String name(TaskId id) {
        return "task " + id;
    }

    /** Every fourth task has a key. */
    static @Nullable String key(TaskId id) {
        return random(id).nextInt() % 4 == 0 ? "key-" + id : null;
    }

    private static SplittableRandom random(TaskId id) {
        return new SplittableRandom(id.value().getLeastSignificantBits());
    }

    static TaskEvent.Submitted submitted(TaskId id, DomainId domain, Instant now, int rank) {
        CrashPolicy[] policies = CrashPolicy.values();
        TaskRequest request =
                TaskRequest.of(TaskType.COMPUTATION)
                        .name(name(id))
                        .payload(payload(id))
                        .maxRetries(RETRIES)
                        .onCrash(policies[random(id).nextInt(policies.length)])
                        .idempotencyKey(key(id))
                        .labels(Map.of("rank", Integer.toString(rank)))
                        .build();
        Task task =
                new Task(
                        id,
                        domain,
                        request,
                        "digest.data",
                        Durability.DURABLE,
                        5,
                        5,
                        null,
                        TaskPhase.READY,
                        0,
                        now,
                        now,
                        List.of(),
                        NO_COST,
                        false,
                        OptionalDouble.empty(),
                        null,
                        null,
                        null);
        InputHash hash = key(id) == null ? null : new InputHash("%064x".formatted(1));
        return new TaskEvent.Submitted(task, rank, hash, "1.0.0", null);
    }

    static Ending ending(TaskPhase phase, Instant now) {
        return new Ending(NO_COST, List.of(new Transition(now, phase, "host")));
    }

    static TaskMetrics cost() {
        return NO_COST;
    }

    static RuntimeError error(TaskId id, DomainId domain) {
        return new RuntimeError(
                RuntimeErrorCode.SCHEDULER_ERROR, "it failed", domain.value(), id, Map.of());
    }

    /** What is wrong with a task that was read back; null: nothing. */
    static @Nullable String difference(Task task) {
        TaskRequest request = task.request();
        Payload payload = request.payload();
        if (payload == null || !Arrays.equals(payload.bytes(), payload(task.id()).bytes())) {
            return "another payload";
        }
        return name(task.id()).equals(request.name()) ? null : "the name " + request.name();
    }
}
