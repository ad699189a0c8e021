// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.domain.MemoryConfig;
import org.spicetime.runtime.api.domain.OverflowPolicy;
import org.spicetime.runtime.api.domain.PreemptionMode;
import org.spicetime.runtime.api.domain.PriorityConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.domain.RetentionConfig;
import org.spicetime.runtime.api.domain.SchedulerConfig;
import org.spicetime.runtime.api.domain.SwapPolicy;
import org.spicetime.runtime.api.network.RetryCondition;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskType;

/** The rows of the table: paths, ranges, defaults. Used by one thread, once. */
final class ConfigRows {

    private static final long MIB = 1L << 20;
    private static final long LARGEST_POOL = 1L << 40;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final Map<String, Property> byPath = new LinkedHashMap<>();

    ConfigRows(int processors, Durability durability) {
        scheduler();
        memory();
        executor(processors);
        networking();
        tasks(durability);
    }

    Map<String, Property> byPath() {
        return byPath;
    }

    private void scheduler() {
        Kind.Whole quantum = new Kind.Whole(0, 60_000_000, 1, "microseconds");
        add(
                "scheduler.policy",
                new Kind.PluginName(),
                "PRIORITY",
                c -> c.scheduler().policy(),
                "Policy that orders the ready tasks.");
        add(
                "scheduler.quantumMicros",
                quantum,
                0L,
                c -> c.scheduler().quantum().toNanos() / 1000,
                "Time slice; 0: none.");
        alias(
                "scheduler.quantum",
                new Kind.Multiple(
                        new Kind.Whole(0, 60_000, 1, "milliseconds"),
                        "scheduler.quantumMicros",
                        1000),
                "Time slice; 0: none. Not together with quantumMicros.");
        add(
                "scheduler.maxStarted",
                new Kind.Whole(0, SchedulerConfig.MOST_STARTED, 1, "tasks"),
                0L,
                c -> (long) c.scheduler().maxStarted(),
                "Tasks that may be started and unfinished at a time, each on a thread of its own;"
                        + " 0: 64 more than run at a time.");
        Kind.Whole priority = new Kind.Whole(Integer.MIN_VALUE, Integer.MAX_VALUE, 1, "");
        add(
                "scheduler.priorities.min",
                priority,
                0L,
                c -> (long) c.scheduler().priorities().min(),
                "Smallest priority.");
        add(
                "scheduler.priorities.max",
                priority,
                100L,
                c -> (long) c.scheduler().priorities().max(),
                "Largest, most urgent priority; at most 4096 levels in all.");
        add(
                "scheduler.priorities.default",
                priority,
                50L,
                c -> (long) c.scheduler().priorities().defaultPriority(),
                "Priority of a task that names none.");
        add(
                "scheduler.priorities.protocol",
                Kind.Choice.all(PriorityProtocol.class),
                "INHERITANCE",
                c -> c.scheduler().priorities().protocol().name(),
                "What makes tasks more urgent that others wait for: nothing, those that wait, or the"
                        + " ceilings of the locks they hold as well.");
        unset(
                "scheduler.priorities.ceiling",
                priority,
                ConfigRows::ceiling,
                "Ceiling of all locks under CEILING, min to max; none: computed for each lock from"
                        + " the tasks whose handlers declare it.");
        add(
                "scheduler.priorities.agingInterval",
                new Kind.Whole(0, DAY_MILLIS, 1, "milliseconds"),
                0L,
                c -> c.scheduler().priorities().agingInterval().toMillis(),
                "After this time the task that has waited longest at a priority rises; 0: none does.");
        add(
                "scheduler.priorities.agingStep",
                new Kind.Whole(1, PriorityConfig.MAX_LEVELS - 1L, 1, "priorities"),
                1L,
                c -> (long) c.scheduler().priorities().agingStep(),
                "By how much it rises.");
        add(
                "scheduler.preemption.enabled",
                new Kind.Flag(),
                false,
                c -> c.scheduler().preemption().enabled(),
                "Whether a more urgent task takes the processor from a running one.");
        add(
                "scheduler.preemption.mode",
                Kind.Choice.all(PreemptionMode.class),
                "COOPERATIVE",
                c -> c.scheduler().preemption().mode().name(),
                "Way of preemption, while it is enabled.");
        add(
                "scheduler.preemption.threshold",
                priority,
                0L,
                c -> (long) c.scheduler().preemption().threshold(),
                "In mode THRESHOLD only tasks above this priority preempt.");
        add(
                "scheduler.preemption.granularity",
                new Kind.Whole(0, 60_000_000, 1, "microseconds"),
                0L,
                c -> c.scheduler().preemption().granularity().toNanos() / 1000,
                "Shortest undisturbed run after a dispatch.");
        add(
                "scheduler.preemption.nonPreemptible",
                Kind.Choices.all(TaskType.class),
                List.of(),
                c ->
                        c.scheduler().preemption().nonPreemptible().stream()
                                .map(Enum::name)
                                .sorted()
                                .toList(),
                "Types that keep the processor until they block or end.");
        add(
                "scheduler.parameters",
                new Kind.Parameters(),
                Map.of(),
                c -> c.scheduler().parameters(),
                "Parameters of the policy.");
    }

    private void memory() {
        add(
                "memory.poolSize",
                new Kind.Whole(
                        MemoryConfig.MIN_POOL_BYTES,
                        LARGEST_POOL,
                        MemoryConfig.POOL_STEP_BYTES,
                        "bytes"),
                64 * MIB,
                c -> c.memory().poolSizeBytes(),
                "Size of the pool.");
        add(
                "memory.allocationType",
                new Kind.PluginName(),
                "TLSF",
                c -> c.memory().allocationType(),
                "Strategy that lays out the pool.");
        String gc = "memory.garbageCollection.";
        add(
                gc + "strategy",
                Kind.Choice.all(GcStrategy.class),
                "NONE",
                c -> c.memory().garbageCollection().strategy().name(),
                "Reclamation beyond the end of a task.");
        add(
                gc + "threshold",
                new Kind.Real(0, 1),
                0.8,
                c -> c.memory().garbageCollection().threshold(),
                "Occupancy at which a collection starts; has no effect under strategy NONE.");
        add(
                gc + "maxPause",
                new Kind.Whole(0, 60_000_000, 1, "microseconds"),
                500L,
                c -> c.memory().garbageCollection().maxPause().toNanos() / 1000,
                "Pause goal; 0: none.");
        add(
                gc + "interval",
                new Kind.Whole(0, DAY_MILLIS, 1, "milliseconds"),
                0L,
                c -> c.memory().garbageCollection().interval().toMillis(),
                "Time between periodic collections; 0: none.");
        add(
                gc + "compaction",
                new Kind.Flag(),
                false,
                c -> c.memory().garbageCollection().compaction(),
                "Whether movable blocks are moved together; under strategy INCREMENTAL.");
        add(
                gc + "onTaskEnd",
                Kind.Choice.of(
                        LeakAction.class,
                        Arrays.stream(LeakAction.values()).map(Enum::name).toList()),
                "RECLAIM",
                c -> c.memory().garbageCollection().onTaskEnd().name(),
                "What follows when a task ends and still holds blocks.");
        add(
                "memory.swapPolicy",
                Kind.Choice.all(SwapPolicy.class),
                "NONE",
                c -> c.memory().swapPolicy().name(),
                "Which blocks go to swap.");
        add(
                "memory.swapLimit",
                new Kind.Whole(0, LARGEST_POOL, 1, "bytes"),
                0L,
                c -> c.memory().swapLimitBytes(),
                "Most bytes swapped out at a time; has no effect under swapPolicy NONE. 0: as many"
                        + " as the pool has.");
        add(
                "memory.parameters",
                new Kind.Parameters(),
                Map.of(),
                c -> c.memory().parameters(),
                "Parameters of the strategy.");
    }

    private void executor(int processors) {
        add(
                "executor.parallelism",
                new Kind.Whole(1, 1024, 1, "workers"),
                (long) Math.clamp(processors, 1, 1024),
                c -> (long) c.executor().parallelism(),
                "Tasks that may run at the same time.");
        add(
                "executor.workStealing",
                new Kind.Flag(),
                true,
                c -> c.executor().workStealing(),
                "Whether an idle worker takes tasks from a busy one; no effect under a strict policy.");
        add(
                "executor.batchSize",
                new Kind.Whole(1, 1024, 1, "tasks"),
                1L,
                c -> (long) c.executor().batchSize(),
                "Tasks per take; no effect under a strict policy.");
        add(
                "executor.queuePolicy",
                Kind.Choice.all(QueuePolicy.class),
                "FIFO",
                c -> c.executor().queuePolicy().name(),
                "Order among tasks the policy ranks equal.");
        add(
                "executor.queueCapacity",
                new Kind.Whole(0, Integer.MAX_VALUE, 1, "tasks"),
                1_000_000L,
                c -> (long) c.executor().queueCapacity(),
                "Most tasks admitted and unfinished; 0: unbounded.");
        add(
                "executor.overflowPolicy",
                Kind.Choice.all(OverflowPolicy.class),
                "REJECT",
                c -> c.executor().overflowPolicy().name(),
                "What a full queue does.");
        add(
                "executor.maxWait",
                new Kind.Whole(0, DAY_MILLIS, 1, "milliseconds"),
                0L,
                c -> c.executor().maxWait().toMillis(),
                "Longest wait for room; has no effect under REJECT. 0: as REJECT.");
    }

    private void networking() {
        add(
                "networking.maxConnections",
                new Kind.Whole(1, 10_000, 1, "connections"),
                64L,
                c -> (long) c.networking().maxConnections(),
                "Most connections open at a time.");
        add(
                "networking.timeout",
                new Kind.Whole(0, DAY_MILLIS, 1, "milliseconds"),
                30_000L,
                c -> c.networking().timeout().toMillis(),
                "Deadline of one request; 0: none.");
        String retry = "networking.retryPolicy.";
        add(
                retry + "maxAttempts",
                new Kind.Whole(1, 100, 1, "attempts"),
                1L,
                c -> (long) c.networking().retryPolicy().maxAttempts(),
                "Attempts in all; 1: no retry.");
        add(
                retry + "backoff",
                Kind.Choice.all(BackoffStrategy.class),
                "EXPONENTIAL",
                c -> c.networking().retryPolicy().backoff().name(),
                "How delays grow.");
        add(
                retry + "initialDelay",
                new Kind.Whole(0, DAY_MILLIS, 1, "milliseconds"),
                100L,
                c -> c.networking().retryPolicy().initialDelay().toMillis(),
                "First delay.");
        add(
                retry + "maxDelay",
                new Kind.Whole(0, DAY_MILLIS, 1, "milliseconds"),
                10_000L,
                c -> c.networking().retryPolicy().maxDelay().toMillis(),
                "Largest delay, at least initialDelay.");
        add(
                retry + "multiplier",
                new Kind.Real(1, 100),
                2.0,
                c -> c.networking().retryPolicy().multiplier(),
                "Growth factor.");
        add(
                retry + "jitter",
                new Kind.Real(0, 1),
                0.2,
                c -> c.networking().retryPolicy().jitter(),
                "Random share of each delay.");
        add(
                retry + "retryOn",
                Kind.Choices.all(RetryCondition.class),
                List.of("CONNECT", "IO", "THROTTLED"),
                c ->
                        c.networking().retryPolicy().retryOn().stream()
                                .map(Enum::name)
                                .sorted()
                                .toList(),
                "Failures to try again.");
        add(
                "networking.compression",
                new Kind.Flag(),
                false,
                c -> c.networking().compression(),
                "Whether bodies are compressed and compressed responses asked for (gzip).");
    }

    private void tasks(Durability durability) {
        add(
                "tasks.durability",
                Kind.Choice.all(Durability.class),
                durability.name(),
                c -> c.tasks().durability().name(),
                "Durability of a task that names none.");
        add(
                "tasks.retention.maxTasks",
                new Kind.Whole(0, RetentionConfig.MOST_TASKS, 1, "tasks"),
                (long) RetentionConfig.DEFAULT.maxTasks(),
                c -> (long) c.tasks().retention().maxTasks(),
                "Most finished tasks kept, the oldest go first; 0: no limit.");
        add(
                "tasks.retention.completedHours",
                new Kind.Whole(1, RetentionConfig.MOST_HOURS, 1, "hours"),
                (long) RetentionConfig.DEFAULT.completedHours(),
                c -> (long) c.tasks().retention().completedHours(),
                "Hours completed tasks are kept.");
        add(
                "tasks.retention.failedHours",
                new Kind.Whole(1, RetentionConfig.MOST_HOURS, 1, "hours"),
                (long) RetentionConfig.DEFAULT.failedHours(),
                c -> (long) c.tasks().retention().failedHours(),
                "Hours failed tasks are kept.");
        add(
                "tasks.retention.maxBytes",
                new Kind.Whole(0, Long.MAX_VALUE, 1, "bytes"),
                RetentionConfig.DEFAULT.maxBytes(),
                c -> c.tasks().retention().maxBytes(),
                "Most bytes of finished tasks in the store; 0: no limit.");
        add(
                "tasks.limits",
                new Kind.Limits(),
                List.of(),
                c -> LimitValues.shown(c.tasks().limits()),
                "Limits on handlers and concurrency keys; replaces the former list as a whole.");
    }

    private void add(
            String path,
            Kind kind,
            Object defaultValue,
            Function<DomainConfig, @Nullable Object> present,
            String description) {
        byPath.put(path, new Property(path, kind, defaultValue, present, description));
    }

    private static @Nullable Object ceiling(DomainConfig config) {
        Integer ceiling = config.scheduler().priorities().ceiling();
        return ceiling == null ? null : (Object) ceiling.longValue();
    }

    /* A property without a value unless one is set. */
    private void unset(
            String path,
            Kind kind,
            Function<DomainConfig, @Nullable Object> present,
            String description) {
        byPath.put(path, new Property(path, kind, null, present, description));
    }

    private void alias(String path, Kind.Multiple kind, String description) {
        byPath.put(path, new Property(path, kind, null, null, description));
    }
}
