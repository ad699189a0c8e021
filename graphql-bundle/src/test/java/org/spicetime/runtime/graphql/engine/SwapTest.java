// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.graphql.FieldFetcher;
import org.spicetime.runtime.api.graphql.FieldRequest;
import org.spicetime.runtime.api.graphql.SchemaContribution;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** What streams, requests and the collector notice of a swap of the schema. */
class SwapTest {
    private static final String STATUS =
            "subscription { domainStatusChanged(domainId: \"ethical-scoring\") }";

    private final Bench bench = new Bench();
    private final FakeDomain ethics = bench.host.domain("ethical-scoring");

    @AfterEach
    void close() {
        bench.close();
    }

    private Probe subscribe(String query) {
        Outcome outcome = bench.ask(query);
        assertThat(outcome).isInstanceOf(Outcome.Stream.class);
        Probe probe = new Probe();
        ((Outcome.Stream) outcome).responses().subscribe(probe);
        probe.request(1000);
        return probe;
    }

    @Test
    void aStreamLosesNothingOverFiftySwaps() {
        Probe probe = subscribe(STATUS);
        assertThat(at(probe.next(), "data.domainStatusChanged")).isEqualTo("RUNNING");
        for (int i = 0; i < 50; i++) {
            Runnable end =
                    bench.contribute("com.acme.swap", Vendor.query("acmeA" + i, "Int", _ -> 1));
            RuntimeStatus next = i % 2 == 0 ? RuntimeStatus.PAUSED : RuntimeStatus.RUNNING;
            ethics.status(next);
            assertThat(at(probe.next(), "data.domainStatusChanged")).isEqualTo(next.name());
            end.run();
        }
        assertThat(bench.generations.current().facts().generation()).isEqualTo(101);
        probe.expectNothing();
        probe.cancel();
        assertThat(bench.streams.count()).isZero();
    }

    @Test
    void aStreamWhoseFieldLeavesIsToldSoAndEnds() {
        Task task = ethics.task(TaskRequest.of(TaskType.IO).build(), TaskPhase.READY);
        ethics.put(task);
        Runnable end =
                bench.contribute(
                        "com.acme.shout",
                        new Vendor("extend type Task { \"x\" acmeA: Int }")
                                .with("Task.acmeA", _ -> 7));
        Runnable other = bench.contribute("com.good.one", Vendor.query("goodA", "Int", _ -> 1));
        Probe probe =
                subscribe(
                        "subscription { taskUpdated(taskId: \"%s\") { status ...F } } fragment F on Node { ... on Task { acmeA } }"
                                .formatted(task.id()));
        assertThat(at(probe.next(), "data.taskUpdated.acmeA")).isEqualTo(7);
        Probe untouched = subscribe(STATUS);
        untouched.next();
        other.run();
        end.run();
        Map<String, ?> last = probe.next();
        assertThat(last).containsEntry("data", null);
        assertThat(extensions(Bench.first(last.get("errors"))))
                .containsEntry("code", "SCHEMA_CHANGED");
        probe.awaitCompletion();
        ethics.status(RuntimeStatus.PAUSED);
        assertThat(at(untouched.next(), "data.domainStatusChanged")).isEqualTo("PAUSED");
    }

    @Test
    void requestsAreAnsweredWhileSchemasSwap() throws Exception {
        AtomicBoolean swapping = new AtomicBoolean(true);
        CountDownLatch started = new CountDownLatch(2);
        List<Future<Integer>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 2; i++) {
                readers.add(
                        threads.submit(() -> {
                            int answered = 0;
                            while (swapping.get()) {
                                assertThat(
                                                at(
                                                        bench.data(
                                                                "{ schedulingPolicies { policy } schemaInfo { generation } }"),
                                                        "schemaInfo.generation"))
                                        .isNotNull();
                                answered++;
                                started.countDown();
                            }
                            return answered;
                        }));
            }
            started.await();
            for (int i = 0; i < 50; i++) {
                bench.host.policies.add(FakeHost.policy("ACME_" + i, Ordering.STRICT));
                bench.generations.refresh();
                bench.host.policies.removeLast();
            }
            swapping.set(false);
            for (Future<Integer> reader : readers) assertThat(reader.get()).isPositive();
        }
    }

    /** A contribution whose class a loader of its own defines. */
    public static final class Loaded implements SchemaContribution, FieldFetcher {
        /** What its fetcher answers; of the same loader. */
        public record AcmeThing(int size) {}

        @Override
        public String sdl() {
            return "extend type Query { \"x\" acmeThing: AcmeThing } \"x\" type AcmeThing { \"x\" size: Int }";
        }

        @Override
        public Map<String, FieldFetcher> fetchers() {
            return Map.of("Query.acmeThing", this);
        }

        @Override
        public Object fetch(FieldRequest request) {
            if (request.caller().name().isEmpty()) throw new IllegalStateException("nobody");
            return new AcmeThing(3);
        }
    }

    private static final class Loader extends ClassLoader {
        Loader() {
            super(SwapTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Loaded.class.getName())) return super.loadClass(name, resolve);
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = SwapTest.class.getClassLoader().getResourceAsStream(file)) {
                byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void anOldGenerationAndTheClassesOfItsBundleAreCollected() throws Exception {
        WeakReference<ClassLoader> loader = contributeAndLeave();
        WeakReference<Generation> generation = new WeakReference<>(bench.generations.current());
        subscribe(STATUS).next();
        bench.host.policies.add(FakeHost.policy("ACME_EDF", Ordering.STRICT));
        bench.generations.refresh();
        collect(loader);
        assertThat(generation.get()).as("kept by its stream").isNotNull();
        bench.streams.cancelAll();
        collect(generation);
    }

    private WeakReference<ClassLoader> contributeAndLeave() throws Exception {
        Loader loader = new Loader();
        SchemaContribution contribution =
                (SchemaContribution)
                        loader.loadClass(Loaded.class.getName())
                                .getDeclaredConstructor()
                                .newInstance();
        Runnable end = bench.contribute("com.acme.loaded", contribution);
        assertThat(at(bench.data("{ acmeThing { size } }"), "acmeThing.size")).isEqualTo(3);
        // Opened on the generation that knows the bundle, and it outlives the bundle.
        Probe stream = subscribe(STATUS);
        stream.next();
        end.run();
        return new WeakReference<>(loader);
    }

    private static void collect(WeakReference<?> reference) {
        Bench.await(() -> {
            System.gc();
            return reference.get() == null;
        });
    }
}
