// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.spicetime.runtime.api.graphql.FieldFetcher;
import org.spicetime.runtime.api.graphql.FieldRequest;
import org.spicetime.runtime.api.graphql.SchemaContribution;
import org.spicetime.runtime.api.task.Task;

/**
 * A bundle that contributes to the schema, well or badly; its manifest says which. It runs in the
 * host, not in the test. Thread-safe.
 */
@SuppressWarnings("NullAway.Init")
public final class SampleContribution implements BundleActivator, SchemaContribution, FieldFetcher {
    static final String HEADER = "Test-Contribution";

    private static final int FLAP_MILLIS = 130;

    /** What it does. */
    public enum Kind {
        GOOD,
        FLAPS,
        BROKEN_SYNTAX,
        OVERRIDES,
        NO_FETCHER,
        HUGE,
        SDL_HANGS,
        SDL_THROWS,
        FETCHER_THROWS,
        FETCHER_HANGS
    }

    /** What a field answers. */
    record AcmeThing(String name, int size) {}

    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Kind kind;
    private volatile @Nullable Thread flapping;

    @Override
    public void start(BundleContext context) {
        kind = Kind.valueOf(context.getBundle().getHeaders("").get(HEADER));
        if (kind == Kind.FLAPS) {
            Thread thread = new Thread(() -> flap(context), "flapping");
            thread.start();
            flapping = thread;
        } else {
            context.registerService(SchemaContribution.class, this, null);
        }
    }

    private void flap(BundleContext context) {
        try {
            while (stopped.getCount() > 0) {
                ServiceRegistration<SchemaContribution> offered =
                        context.registerService(SchemaContribution.class, this, null);
                if (stopped.await(FLAP_MILLIS, TimeUnit.MILLISECONDS)) return;
                offered.unregister();
                if (stopped.await(FLAP_MILLIS, TimeUnit.MILLISECONDS)) return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop(BundleContext context) throws InterruptedException {
        stopped.countDown();
        Thread thread = flapping;
        if (thread != null) thread.join();
    }

    @Override
    public String sdl() {
        return switch (kind) {
            case GOOD ->
                    """
                    "A thing."
                    type AcmeThing {
                      "Its name."
                      name: String!
                      "Its size."
                      size: Int!
                    }
                    extend type Query {
                      "A thing by name."
                      acmeThing(
                        "The name."
                        name: String! = "nameless"): AcmeThing!
                    }
                    extend type Task {
                      "How old it is, in words."
                      acmeAge: String!
                    }
                    """;
            case FLAPS -> "extend type Query { \"x\" flapOne: Int }";
            case BROKEN_SYNTAX -> "extend type Query {\n \"x\" badOne Int }";
            case OVERRIDES -> "extend type Query {\n \"x\"\n domains: Int }";
            case NO_FETCHER, FETCHER_THROWS, FETCHER_HANGS ->
                    "extend type Query {\n \"x\" badOne: Int }";
            case HUGE -> "extend type Query { \"" + "x".repeat(1 << 20) + "\" badOne: Int }";
            case SDL_HANGS -> {
                hang();
                yield "";
            }
            case SDL_THROWS -> throw new IllegalStateException("no fragment today");
        };
    }

    @Override
    public Map<String, FieldFetcher> fetchers() {
        Map<String, FieldFetcher> fetchers = new HashMap<>();
        switch (kind) {
            case GOOD -> {
                fetchers.put("Query.acmeThing", this);
                fetchers.put("Task.acmeAge", SampleContribution::age);
            }
            case FLAPS -> fetchers.put("Query.flapOne", this);
            case NO_FETCHER, SDL_HANGS, SDL_THROWS, BROKEN_SYNTAX -> {}
            case OVERRIDES -> fetchers.put("Query.domains", this);
            case HUGE, FETCHER_THROWS, FETCHER_HANGS -> fetchers.put("Query.badOne", this);
        }
        return fetchers;
    }

    private static Object age(FieldRequest request) {
        return request.source() instanceof Task task ? "since " + task.createdAt() : "unknown";
    }

    @Override
    public @Nullable Object fetch(FieldRequest request) throws Exception {
        return switch (kind) {
            case GOOD -> new AcmeThing(String.valueOf(request.arguments().get("name")), 3);
            case FETCHER_THROWS -> throw new java.io.IOException("a secret of the vendor");
            case FETCHER_HANGS -> {
                hang();
                yield 1;
            }
            default -> 1;
        };
    }

    /** As code does that is caught in a loop: it hears no interrupt. */
    private void hang() {
        while (stopped.getCount() > 0) Thread.onSpinWait();
    }
}
