// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Labels;
import org.spicetime.runtime.api.Payload;

/**
 * A task asked for. Only the shape is checked here (signs, lengths, contradictions); what depends
 * on the domain is checked at admission. A domain cuts instants to microseconds and rounds spans up
 * to them. Immutable; made by {@link #of(TaskType)}.
 *
 * @param type kind of work
 * @param priority base priority; absent: the domain's default
 * @param deadline absolute instant by which it should have completed; null: none. Not together with
 *     {@code relativeDeadline}
 * @param relativeDeadline deadline after the release ({@code runAt}, or else the admission); null:
 *     none
 * @param onDeadlineMiss what follows when the deadline is missed
 * @param runAt not to be started before; null: at once
 * @param dependencies tasks to wait for
 * @param name for people, up to 256 characters; null: none
 * @param handler name of the task handler; null: the default of the type
 * @param payload argument of the handler, up to 64 KiB; null: the handler's defaults
 * @param timeout longest run of one attempt; zero: none
 * @param estimatedDuration expected run time, above 0 and at most 366 days; null: unknown
 * @param maxRetries attempts after a failed one, 0 to 1000
 * @param retry delays between the attempts
 * @param memory pool bytes kept for the task for the whole run, which are also the most it can
 *     hold, 1 or more; absent: nothing is kept, and the pool is the limit
 * @param labels up to 32 free-form labels, names of 1 to 63 and values of up to 255 characters
 * @param idempotencyKey a further request with the same key in the same domain answers the first
 *     one's task; 1 to 255 characters; null: none
 * @param durability whether it survives a crash; null: the domain's default
 * @param onCrash what becomes of it if the host dies while it runs
 * @param owner who asks
 * @param period time between releases: the request makes a schedule at a fixed rate, of which the
 *     answer is the first release; null: runs once. From {@link #MIN_PERIOD} to {@link
 *     #MAX_PERIOD}, without {@code deadline} and {@code dependencies}
 * @param concurrencyKey tasks of the domain with the same key run one at a time, or as a {@link
 *     org.spicetime.runtime.api.domain.TaskLimit} says; 1 to 255 characters, neither blank nor with
 *     a {@code *}; null: none
 * @param traceId W3C trace id of what asks for the task: 32 lower-case hexadecimal digits, not all
 *     zero; null: none. Not part of what is asked for: under the same idempotency key it may differ
 */
public record TaskRequest(
        TaskType type,
        OptionalInt priority,
        @Nullable Instant deadline,
        @Nullable Duration relativeDeadline,
        DeadlineMissPolicy onDeadlineMiss,
        @Nullable Instant runAt,
        List<DependencyRequest> dependencies,
        @Nullable String name,
        @Nullable String handler,
        @Nullable Payload payload,
        Duration timeout,
        @Nullable Duration estimatedDuration,
        int maxRetries,
        TaskRetry retry,
        OptionalLong memory,
        Map<String, String> labels,
        @Nullable String idempotencyKey,
        @Nullable Durability durability,
        CrashPolicy onCrash,
        String owner,
        @Nullable Duration period,
        @Nullable String concurrencyKey,
        @Nullable String traceId) {

    /** Most bytes of a payload. */
    public static final int MAX_PAYLOAD_BYTES = 64 * 1024;

    /** Most characters of a name. */
    public static final int MAX_NAME_LENGTH = 256;

    /**
     * Shortest period of a schedule: a release per millisecond is as fine as one timer thread can
     * be relied on.
     */
    public static final Duration MIN_PERIOD = Duration.ofMillis(1);

    /** Longest period of a schedule. */
    public static final Duration MAX_PERIOD = Duration.ofDays(366);

    /** Most characters of a concurrency key. */
    public static final int MAX_CONCURRENCY_KEY_LENGTH = 255;

    /** Most retries of a task. */
    public static final int MAX_RETRIES = 1000;

    public TaskRequest {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(onDeadlineMiss, "onDeadlineMiss");
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(onCrash, "onCrash");
        Objects.requireNonNull(owner, "owner");
        RequestChecks.deadline(deadline, relativeDeadline);
        RequestChecks.texts(name, handler, idempotencyKey);
        RequestChecks.payload(payload);
        RequestChecks.amounts(timeout, estimatedDuration, maxRetries, memory);
        if (concurrencyKey != null) checkConcurrencyKey(concurrencyKey);
        if (traceId != null) RequestChecks.traceId(traceId);
        if (period != null) RequestChecks.period(period, estimatedDuration, deadline, dependencies);
        dependencies = List.copyOf(dependencies);
        labels = Labels.checked(labels);
    }

    /**
     * Checks a concurrency key.
     *
     * @param key the key
     * @throws IllegalArgumentException if it is malformed; the message tells its range
     */
    public static void checkConcurrencyKey(String key) {
        if (key.isBlank() || key.length() > MAX_CONCURRENCY_KEY_LENGTH)
            throw new IllegalArgumentException(
                    "concurrencyKey must have 1 .. "
                            + MAX_CONCURRENCY_KEY_LENGTH
                            + " characters and not be blank, had "
                            + key.length());
        if (key.indexOf('*') >= 0)
            throw new IllegalArgumentException(
                    "concurrencyKey must not contain *, which stands at the end of a limit's key for any rest, had one at "
                            + key.indexOf('*'));
    }

    /** A request of this type with every default; the builder changes what is wanted. */
    public static Builder of(TaskType type) {
        return new Builder(type);
    }

    /**
     * The same in the precision of stores: instants cut to microseconds, spans rounded up to them.
     */
    public TaskRequest inMicroseconds() {
        Builder rounded = toBuilder();
        rounded.deadline = Micros.cut(deadline);
        rounded.runAt = Micros.cut(runAt);
        rounded.relativeDeadline = Micros.upOrNull(relativeDeadline);
        rounded.timeout = Micros.up(timeout);
        rounded.estimatedDuration = Micros.upOrNull(estimatedDuration);
        rounded.period = Micros.upOrNull(period);
        return rounded.build();
    }

    /** A builder that begins with the parts of this request. */
    public Builder toBuilder() {
        Builder builder = new Builder(type);
        builder.priority = priority;
        builder.deadline = deadline;
        builder.relativeDeadline = relativeDeadline;
        builder.onDeadlineMiss = onDeadlineMiss;
        builder.runAt = runAt;
        builder.dependencies.addAll(dependencies);
        builder.name = name;
        builder.handler = handler;
        builder.payload = payload;
        builder.timeout = timeout;
        builder.estimatedDuration = estimatedDuration;
        builder.maxRetries = maxRetries;
        builder.retry = retry;
        builder.memory = memory;
        builder.labels = labels;
        builder.idempotencyKey = idempotencyKey;
        builder.durability = durability;
        builder.onCrash = onCrash;
        builder.owner = owner;
        builder.period = period;
        builder.concurrencyKey = concurrencyKey;
        builder.traceId = traceId;
        return builder;
    }

    /** Collects the parts of a request. Used by one thread. */
    public static final class Builder {
        private final TaskType type;
        private OptionalInt priority = OptionalInt.empty();
        private @Nullable Instant deadline;
        private @Nullable Duration relativeDeadline;
        private DeadlineMissPolicy onDeadlineMiss = DeadlineMissPolicy.CONTINUE;
        private @Nullable Instant runAt;
        private final List<DependencyRequest> dependencies = new ArrayList<>();
        private @Nullable String name;
        private @Nullable String handler;
        private @Nullable Payload payload;
        private Duration timeout = Duration.ZERO;
        private @Nullable Duration estimatedDuration;
        private int maxRetries;
        private TaskRetry retry = TaskRetry.DEFAULT;
        private OptionalLong memory = OptionalLong.empty();
        private Map<String, String> labels = Map.of();
        private @Nullable String idempotencyKey;
        private @Nullable Durability durability;
        private CrashPolicy onCrash = CrashPolicy.RETRY;
        private String owner = "host";
        private @Nullable Duration period;
        private @Nullable String concurrencyKey;
        private @Nullable String traceId;

        private Builder(TaskType type) {
            this.type = type;
        }

        /** See {@link TaskRequest#priority()}. */
        public Builder priority(int value) {
            priority = OptionalInt.of(value);
            return this;
        }

        /** See {@link TaskRequest#deadline()}. */
        public Builder deadline(@Nullable Instant value) {
            deadline = value;
            return this;
        }

        /** See {@link TaskRequest#relativeDeadline()}. */
        public Builder relativeDeadline(@Nullable Duration value) {
            relativeDeadline = value;
            return this;
        }

        /** See {@link TaskRequest#onDeadlineMiss()}. */
        public Builder onDeadlineMiss(DeadlineMissPolicy value) {
            onDeadlineMiss = value;
            return this;
        }

        /** See {@link TaskRequest#runAt()}. */
        public Builder runAt(@Nullable Instant value) {
            runAt = value;
            return this;
        }

        /** Adds a dependency. */
        public Builder dependsOn(DependencyRequest value) {
            dependencies.add(value);
            return this;
        }

        /** Drops the dependencies added so far. */
        public Builder withoutDependencies() {
            dependencies.clear();
            return this;
        }

        /** See {@link TaskRequest#name()}. */
        public Builder name(@Nullable String value) {
            name = value;
            return this;
        }

        /** See {@link TaskRequest#handler()}. */
        public Builder handler(@Nullable String value) {
            handler = value;
            return this;
        }

        /** See {@link TaskRequest#payload()}. */
        public Builder payload(@Nullable Payload value) {
            payload = value;
            return this;
        }

        /** See {@link TaskRequest#timeout()}. */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /** See {@link TaskRequest#estimatedDuration()}. */
        public Builder estimatedDuration(@Nullable Duration value) {
            estimatedDuration = value;
            return this;
        }

        /** See {@link TaskRequest#maxRetries()}. */
        public Builder maxRetries(int value) {
            maxRetries = value;
            return this;
        }

        /** See {@link TaskRequest#retry()}. */
        public Builder retry(TaskRetry value) {
            retry = value;
            return this;
        }

        /** See {@link TaskRequest#memory()}. */
        public Builder memory(long bytes) {
            memory = OptionalLong.of(bytes);
            return this;
        }

        /** See {@link TaskRequest#labels()}. */
        public Builder labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        /** See {@link TaskRequest#idempotencyKey()}. */
        public Builder idempotencyKey(@Nullable String value) {
            idempotencyKey = value;
            return this;
        }

        /** See {@link TaskRequest#durability()}. */
        public Builder durability(@Nullable Durability value) {
            durability = value;
            return this;
        }

        /** See {@link TaskRequest#onCrash()}. */
        public Builder onCrash(CrashPolicy value) {
            onCrash = value;
            return this;
        }

        /** See {@link TaskRequest#owner()}. */
        public Builder owner(String value) {
            owner = value;
            return this;
        }

        /** See {@link TaskRequest#period()}. */
        public Builder period(@Nullable Duration value) {
            period = value;
            return this;
        }

        /** See {@link TaskRequest#concurrencyKey()}. */
        public Builder concurrencyKey(@Nullable String value) {
            concurrencyKey = value;
            return this;
        }

        /** See {@link TaskRequest#traceId()}. */
        public Builder traceId(@Nullable String value) {
            traceId = value;
            return this;
        }

        /**
         * The request.
         *
         * @throws IllegalArgumentException if a part is malformed; the message names it, its value
         *     and its range
         */
        public TaskRequest build() {
            return new TaskRequest(
                    type,
                    priority,
                    deadline,
                    relativeDeadline,
                    onDeadlineMiss,
                    runAt,
                    dependencies,
                    name,
                    handler,
                    payload,
                    timeout,
                    estimatedDuration,
                    maxRetries,
                    retry,
                    memory,
                    labels,
                    idempotencyKey,
                    durability,
                    onCrash,
                    owner,
                    period,
                    concurrencyKey,
                    traceId);
        }
    }
}
