// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.graphql.SchemaContribution;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.contribution.Contributor;
import org.spicetime.runtime.graphql.schema.Services;
import org.spicetime.runtime.graphql.stream.OpenStreams;

/** An engine over a fake host, and short ways to ask it. */
final class Bench implements AutoCloseable {
    final FakeHost host = new FakeHost();
    final FakeBundles bundles = new FakeBundles();
    final FakeTicks ticks = new FakeTicks();
    final OpenStreams streams = new OpenStreams();
    final Map<String, List<String>> reported = new ConcurrentHashMap<>();
    final AtomicLong nanos = new AtomicLong();
    private final AtomicLong orders = new AtomicLong();
    final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    final Services services =
            new Services(host, host, bundles, host.alerts, () -> host.logs, ticks);
    final Generations generations;
    final RuntimeEngine engine;

    Bench() {
        this(Limits.STANDARD);
    }

    Bench(Limits limits) {
        this(new Rules(limits, Rates.STANDARD, true, null));
    }

    /** The time of its rates stands still until it is moved. */
    Bench(Rules rules) {
        generations = new Generations(services, rules.limits(), streams, reported::put);
        engine =
                new RuntimeEngine(
                        generations,
                        rules,
                        new TimeMeter() {
                            @Override
                            public long currentTimeNanos() {
                                return nanos.get();
                            }

                            @Override
                            public boolean isWallClockBased() {
                                return false;
                            }
                        },
                        executor,
                        streams);
    }

    /** A contribution that is read and served, or left out, when this returns. */
    Runnable contribute(Contributor bundle, SchemaContribution contribution) {
        long before = generations.contributions().changes();
        Runnable end =
                generations
                        .contributions()
                        .add(bundle, orders.incrementAndGet(), () -> contribution);
        await(() -> generations.contributions().changes() > before);
        generations.refresh();
        return () -> {
            end.run();
            generations.refresh();
            streams.sweep();
        };
    }

    Runnable contribute(String bundle, SchemaContribution contribution) {
        return contribute(Vendor.bundle(bundle), contribution);
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("not within 20 s");
            Thread.onSpinWait();
        }
    }

    static Bench with(Duration execution) {
        Limits s = Limits.STANDARD;
        return new Bench(
                new Limits(
                        s.tokens(), s.depth(), s.aliases(), s.rootFields(), s.cost(), execution));
    }

    @SuppressWarnings("NullAway") // the class file of a compact constructor lacks the annotation
    static GraphQlRequest request(
            @Nullable String query, Map<String, @Nullable Object> variables, Role role) {
        return new GraphQlRequest(
                query,
                null,
                variables,
                Map.of(),
                new Caller("maria", role, false),
                false,
                true,
                "r-1");
    }

    /** Of a viewer whose subscription broke off. */
    @SuppressWarnings("NullAway") // as above
    static GraphQlRequest resumed(
            String query, Map<String, @Nullable Object> variables, String after) {
        return new GraphQlRequest(
                query,
                null,
                variables,
                Map.of(),
                new Caller("maria", Role.VIEWER, false),
                false,
                true,
                "r-1",
                after,
                null);
    }

    @SuppressWarnings("NullAway") // as above
    static GraphQlRequest persisted(@Nullable String query, Map<String, Object> extensions) {
        return new GraphQlRequest(
                query,
                null,
                Map.of(),
                extensions,
                new Caller("maria", Role.VIEWER, false),
                false,
                false,
                "r-1");
    }

    /** The same in a trace. */
    @SuppressWarnings("NullAway") // as above
    static GraphQlRequest traced(GraphQlRequest request, String traceId) {
        return new GraphQlRequest(
                request.query(),
                request.operationName(),
                request.variables(),
                request.extensions(),
                request.caller(),
                request.queriesOnly(),
                request.streaming(),
                request.requestId(),
                request.resumeAfter(),
                traceId);
    }

    Outcome ask(String query) {
        return ask(query, Map.of());
    }

    Outcome ask(String query, Map<String, @Nullable Object> variables) {
        return engine.execute(request(query, variables, Role.ADMIN));
    }

    /** The response of a request that must not be refused. */
    Map<String, @Nullable Object> response(String query, Map<String, @Nullable Object> variables) {
        Outcome outcome = ask(query, variables);
        if (!(outcome instanceof Outcome.Executed executed)) {
            throw new AssertionError("not executed: " + outcome);
        }
        return executed.response()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .map();
    }

    /** The data of a request that must not have errors. */
    @SuppressWarnings({"unchecked", "NullAway"}) // data is there when errors are not
    Map<String, @Nullable Object> data(String query, Map<String, @Nullable Object> variables) {
        Map<String, @Nullable Object> response = response(query, variables);
        if (response.containsKey("errors")) throw new AssertionError("errors: " + response);
        return (Map<String, @Nullable Object>) response.get("data");
    }

    Map<String, @Nullable Object> data(String query) {
        return data(query, Map.of());
    }

    /** The first error of a request that was executed. */
    Map<String, Object> error(String query, Map<String, @Nullable Object> variables) {
        return first(response(query, variables).get("errors"));
    }

    Map<String, Object> error(String query) {
        return error(query, Map.of());
    }

    /** The refusal of a request. */
    Outcome.Refused refused(String query, Map<String, @Nullable Object> variables) {
        Outcome outcome = ask(query, variables);
        if (!(outcome instanceof Outcome.Refused refused)) {
            throw new AssertionError("not refused: " + outcome);
        }
        return refused;
    }

    Outcome.Refused refused(String query) {
        return refused(query, Map.of());
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> first(@Nullable Object errors) {
        if (errors == null) throw new AssertionError("there are no errors");
        return (Map<String, Object>) ((List<?>) errors).getFirst();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // every error has extensions
    static Map<String, Object> extensions(Map<String, ?> error) {
        return (Map<String, Object>) error.get("extensions");
    }

    static Map<String, Object> extensions(Outcome.Refused refused) {
        return extensions(refused.errors().getFirst());
    }

    /** A member of nested maps and lists, e.g. {@code domain.tasks.0.id}. */
    static @Nullable Object at(@Nullable Object tree, String path) {
        Object here = tree;
        for (String step : path.split("\\.", -1)) {
            here =
                    switch (here) {
                        case Map<?, ?> map -> {
                            if (!map.containsKey(step))
                                throw new AssertionError("no " + step + " in " + map);
                            yield map.get(step);
                        }
                        case List<?> list -> list.get(Integer.parseInt(step));
                        case null, default -> throw new AssertionError("nothing below " + here);
                    };
        }
        return here;
    }

    @Override
    public void close() {
        generations.close();
        streams.cancelAll();
        executor.close();
    }
}
