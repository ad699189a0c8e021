// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.core.alerts.AlertBook;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.plugins.PluginOrigin;
import org.spicetime.runtime.core.plugins.PluginRegistry;
import org.spicetime.runtime.store.memory.MemoryTaskStore;

/** A host without a framework: real domains, threads and pools, with plugins of the test. */
final class TestHost implements AutoCloseable {

    static final Duration GRACE = Duration.ofSeconds(2);
    static final int PROCESSORS = 2;
    static final PluginOrigin BUNDLE = PluginOrigin.of("test.plugins", "1.0.0");

    final PluginRegistry registry = new PluginRegistry();
    private Runner runner = new Runner();
    final SchedulingPolicyFactory priority = new Keyed("PRIORITY", task -> -task.priority());
    final SchedulingPolicyFactory fifo = new Keyed("FIFO", TaskView::seq);
    final MemoryTaskStore store = new MemoryTaskStore();
    final AlertBook alerts;
    final DomainsService domains;

    private final Map<String, Work> works = new ConcurrentHashMap<>();

    /** What a task of the test does. */
    @FunctionalInterface
    interface Work {
        @Nullable String run(TaskContext context) throws Exception;
    }

    record Job(
            @PayloadField(value = "Name of the work.", defaultJson = "\"nothing\"") String work) {}

    record Answer(@PayloadField("What came out.") @Nullable String text) {}

    TestHost() {
        this(true);
    }

    /** One that takes samples so rarely. */
    TestHost(Duration sampling) {
        this(true, sampling);
    }

    TestHost(boolean withPolicies) {
        this(withPolicies, Duration.ofMillis(20));
    }

    /** One over a store that another host may have used before. */
    TestHost(KeptStore kept) {
        this(kept, 50_000);
    }

    /** The same, with at most so many queued tasks of a domain in memory. */
    TestHost(KeptStore kept, int window) {
        this(true, Duration.ofMillis(20), kept.forHost(), kept.instance, window);
    }

    /** One with a store of its own in this directory. */
    TestHost(TaskStore own, Path instance) {
        this(true, Duration.ofMillis(20), own, instance, 50_000);
    }

    /** The same, with at most so many queued tasks of a domain in memory. */
    TestHost(TaskStore own, Path instance, int window) {
        this(true, Duration.ofMillis(20), own, instance, window);
    }

    /** The same by this clock, and without anything that happens again and again. */
    TestHost(TaskStore own, Path instance, HostClock clock) {
        this(true, Duration.ofDays(1), own, instance, 50_000, clock);
    }

    /** One whose store commits when the test wants it. */
    TestHost(HeldStore held, Path instance) {
        this(true, Duration.ofMillis(20), held.forHost(), instance, 50_000);
    }

    private TestHost(boolean withPolicies, Duration sampling) {
        this(withPolicies, sampling, null, Path.of("."), 50_000);
    }

    private TestHost(
            boolean withPolicies,
            Duration sampling,
            @Nullable TaskStore other,
            Path instance,
            int window) {
        this(withPolicies, sampling, other, instance, window, HostClock.system());
    }

    private TestHost(
            boolean withPolicies,
            Duration sampling,
            @Nullable TaskStore other,
            Path instance,
            int window,
            HostClock clock) {
        works.put("nothing", context -> null);
        if (withPolicies) {
            registry.addPolicy(priority, BUNDLE);
            registry.addPolicy(fifo, BUNDLE);
        }
        handlerComes();
        alerts = new AlertBook(clock.instants());
        domains =
                new DomainsService(
                        new HostSurroundings(
                                new HostRef("test", UUID.randomUUID()),
                                "0.0.0",
                                clock,
                                PROCESSORS,
                                "",
                                instance,
                                new Node.Timings(GRACE, Duration.ofSeconds(5), sampling, window)),
                        registry,
                        other == null ? store : other,
                        alerts);
    }

    /** The handler of the works goes, as when its bundle is taken away. */
    void handlerGoes() {
        registry.remove(runner);
    }

    /** The handler of the works comes, as it does at the start of a test. */
    final void handlerComes() {
        runner = new Runner();
        registry.addHandler(runner, BUNDLE);
    }

    /** Runs the works by their names. */
    private final class Runner implements TaskHandler<Job, Answer> {
        @Override
        public HandlerDescriptor<Job, Answer> descriptor() {
            return new HandlerDescriptor<>(
                    "test.run",
                    "1.0.0",
                    "Runs a piece of a test.",
                    Job.class,
                    Answer.class,
                    Set.of(TaskType.values()));
        }

        @Override
        public Answer run(Job job, TaskContext context) throws Exception {
            Work work = works.get(job.work());
            if (work == null) {
                throw new IllegalArgumentException("no work is called " + job.work());
            }
            return new Answer(work.run(context));
        }
    }

    /** A policy by a key. */
    record Keyed(String name, ToLongFunction<TaskView> key) implements SchedulingPolicyFactory {
        @Override
        public PolicyDescriptor descriptor() {
            return new PolicyDescriptor(
                    name,
                    "1.0.0",
                    "Policy of a test.",
                    Ordering.STRICT,
                    false,
                    false,
                    Optional.empty(),
                    List.of());
        }

        @Override
        public Policy create(PolicyContext context, Options options) {
            long slice = context.quantumNanos();
            return new KeyedPolicy() {
                @Override
                public long key(TaskView task) {
                    return key.applyAsLong(task);
                }

                @Override
                public long quantum(TaskView task) {
                    return slice;
                }
            };
        }
    }

    void work(String name, Work work) {
        works.put(name, work);
    }

    Domain domain(String id) {
        return domain(id, Map.of());
    }

    Domain domain(String id, Map<String, Object> config) {
        return get(domains.create(spec(id, config, true)));
    }

    @SuppressWarnings(
            "NullAway") // the class file of the record does not tell that values may be null
    static DomainSpec spec(String id, Map<String, Object> config, boolean start) {
        Map<String, @Nullable Object> patch = new LinkedHashMap<>();
        patch.put("memory", Map.of("poolSize", 4 << 20, "allocationType", "FIRST_FIT"));
        patch.put("executor", Map.of("parallelism", 2));
        patch.putAll(config);
        return new DomainSpec(DomainId.of(id), null, null, Map.of(), new ConfigPatch(patch), start);
    }

    static TaskRequest.Builder task(String work) {
        return TaskRequest.of(TaskType.COMPUTATION)
                .payload(Payload.json("{\"work\":\"" + work + "\"}"));
    }

    static ConfigPatch patch(String group, Map<String, @Nullable Object> members) {
        return new ConfigPatch(Map.of(group, members));
    }

    /**
     * Computes until the latch is open or the thread is interrupted: unlike one that waits, this
     * work keeps its slot.
     */
    static void compute(CountDownLatch until) throws InterruptedException {
        while (until.getCount() > 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while it computed");
            }
            Thread.onSpinWait();
        }
    }

    /** The value of a stage; a refusal is thrown as itself. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** Waits, by watching, until the task has ended. */
    static Task ended(Domain domain, TaskId id) {
        CompletableFuture<Task> end = new CompletableFuture<>();
        Watch watch =
                domain.watchTask(
                        id,
                        task -> {
                            if (task.phase().isFinal()) {
                                end.complete(task);
                            }
                        });
        try {
            return get(end);
        } finally {
            watch.close();
        }
    }

    /** Waits for something only another thread brings about and nobody announces. */
    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the condition did not come true within 30 s");
            }
            LockSupport.parkNanos(500_000);
        }
    }

    @Override
    public void close() {
        domains.close();
        alerts.close();
    }
}
