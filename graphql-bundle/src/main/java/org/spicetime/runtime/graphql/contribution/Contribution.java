// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.graphql.FieldFetcher;
import org.spicetime.runtime.api.graphql.SchemaContribution;

/**
 * One service of a bundle, from its coming to its going. Schemas of the past still point here, so
 * nothing of the bundle is reachable from it once it is gone. Thread-safe.
 */
final class Contribution implements SchemaOwner {
    private final Contributor contributor;
    private final long order;
    private final BundleThreads threads;
    private final AtomicReference<State> state = new AtomicReference<>(State.READING);

    /**
     * @param order among services of the same bundle; the smallest counts
     */
    Contribution(Contributor contributor, long order, Duration limit) {
        this.contributor = contributor;
        this.order = order;
        this.threads = new BundleThreads(contributor.bundle(), limit);
    }

    /**
     * How far it is. Immutable.
     *
     * @param fragment what it says of itself; null: not known, or gone
     * @param problem why it cannot be used; null: nothing is known against it
     */
    private record State(@Nullable Fragment fragment, @Nullable String problem, boolean gone) {
        static final State READING = new State(null, null, false);
        static final State GONE = new State(null, null, true);
    }

    @Override
    public Contributor contributor() {
        return contributor;
    }

    long order() {
        return order;
    }

    BundleThreads threads() {
        return threads;
    }

    /** Asks the service what it contributes; completes when that is known or will not be. */
    CompletableFuture<@Nullable Void> read(ServiceLookup service) {
        return threads.call(() -> read(service.get()))
                .handle((read, error) -> {
                    State next = error == null ? read : new State(null, reason(error), false);
                    // One that is gone stays gone.
                    state.compareAndSet(State.READING, next);
                    return null;
                });
    }

    private static State read(@Nullable SchemaContribution service) throws BrokenFragmentException {
        return service == null ? State.GONE : new State(Fragment.of(service), null, false);
    }

    private static String reason(Throwable error) {
        return switch (error) {
            case CompletionException wrapped when wrapped.getCause() != null ->
                    reason(wrapped.getCause());
            case BrokenFragmentException broken -> broken.reason();
            case TimeoutException late ->
                    "it did not say within %d ms what it contributes"
                            .formatted(BundleThreads.LIMIT.toMillis());
            default -> "it threw " + error + " when it was asked what it contributes";
        };
    }

    @Nullable Fragment fragment() {
        return now().fragment();
    }

    @Nullable String problem() {
        return now().problem();
    }

    @Override
    public boolean gone() {
        return now().gone();
    }

    /** What answers a field; null: the bundle is gone. */
    @Nullable FieldFetcher fetcher(String coordinate) {
        Fragment fragment = now().fragment();
        Map<String, FieldFetcher> fetchers = fragment == null ? Map.of() : fragment.fetchers();
        return fetchers.get(coordinate);
    }

    private State now() {
        State now = state.get();
        return now == null ? State.GONE : now;
    }

    /** The service goes; what runs of it is interrupted. */
    void close() {
        state.set(State.GONE);
        threads.close();
    }
}
