// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.graphql.schema.SampleFields.Frame;
import org.spicetime.runtime.graphql.stream.EventSource;

/**
 * Streams of measurements at a steady pace. A tick only says that it is time: what is sent is
 * measured when the reader takes it, so that a slow one costs nothing and gets what is new.
 */
final class MetricsSources {
    private static final int MOST_DOMAINS = 200;
    private static final int SHORTEST_FRAME_MILLIS = 250;
    private static final int SHORTEST_HOST_MILLIS = 1000;
    private static final int LONGEST_MILLIS = 3_600_000;

    private final Services services;

    MetricsSources(Services services) {
        this.services = services;
    }

    EventSource domains(Call call) {
        Duration interval = interval(call, SHORTEST_FRAME_MILLIS);
        List<?> ids = (List<?>) call.optional("domainIds");
        if (ids == null) return new Frames(services, interval, null);
        if (ids.isEmpty() || ids.size() > MOST_DOMAINS) {
            throw RefusedException.outOfRange(
                    "domainIds", ids.size() + " ids", "1 .. " + MOST_DOMAINS + " ids");
        }
        return new Frames(
                services,
                interval,
                ids.stream()
                        .map(id -> services.domain(String.valueOf(id)).id())
                        .distinct()
                        .sorted()
                        .toList());
    }

    EventSource host(Call call) {
        return new HostSamples(services, interval(call, SHORTEST_HOST_MILLIS));
    }

    private static Duration interval(Call call, int shortest) {
        int millis = call.integer("interval");
        if (millis < shortest || millis > LONGEST_MILLIS) {
            throw RefusedException.outOfRange(
                    "interval", millis, shortest + " .. " + LONGEST_MILLIS);
        }
        return Duration.ofMillis(millis);
    }

    /** A new one is equal to no other. */
    private static final class Tick {}

    private static final class Frames implements EventSource {
        private final Services services;
        private final Duration interval;
        private final @Nullable List<DomainId> named;
        private final AtomicReference<@Nullable Long> sentNanos = new AtomicReference<>();

        Frames(Services services, Duration interval, @Nullable List<DomainId> named) {
            this.services = services;
            this.interval = interval;
            this.named = named;
        }

        @Override
        public Watch open(Listener listener) {
            listener.next(new Tick());
            return services.ticks()
                    .every(
                            interval,
                            () -> {
                                if (named != null && domains().isEmpty()) listener.end();
                                else listener.next(new Tick());
                            });
        }

        private List<Domain> domains() {
            return named == null
                    ? services.domains().all()
                    : named.stream().flatMap(id -> services.domains().find(id).stream()).toList();
        }

        @Override
        public @Nullable Object event(Object tick) {
            return null; // each reader is told how long ago it got the last one
        }

        @Override
        public Object sent(Object tick) {
            long now = System.nanoTime();
            Long before = sentNanos.getAndSet(now);
            return new Frame(
                    Instant.now(),
                    before == null ? null : (Integer) Numbers.nanosToMillis(now - before),
                    domains().stream().map(Domain::sample).toList());
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }

    private record HostSamples(Services services, Duration interval) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            listener.next(new Tick());
            return services.ticks().every(interval, () -> listener.next(new Tick()));
        }

        @Override
        public @Nullable Object event(Object tick) {
            return null; // measured when it is taken
        }

        @Override
        public Object sent(Object tick) {
            return services.domains().hostMetrics();
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }
}
