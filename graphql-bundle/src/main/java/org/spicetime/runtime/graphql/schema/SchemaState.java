// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.SystemHealth;

/**
 * Which schema is served now, and what was left out of it. Written by the thread that keeps the
 * schema, read by all. Thread-safe.
 */
public final class SchemaState {
    private final List<Consumer<SchemaFacts>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable SchemaFacts facts;
    private volatile List<String> problems = List.of();

    /** The schema that answers new requests. */
    public SchemaFacts current() {
        return Objects.requireNonNull(facts, "no schema was built yet");
    }

    /**
     * Tells every schema that is put in place from now on.
     *
     * @param listener called by one thread at a time; returns at once
     */
    public Watch watch(Consumer<SchemaFacts> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** A schema was put in place. Called by one thread at a time. */
    public void swapped(SchemaFacts next) {
        facts = next;
        listeners.forEach(listener -> listener.accept(next));
    }

    /** What was left out, each in one sentence that names the bundle. */
    public void leftOut(List<String> sentences) {
        problems = List.copyOf(sentences);
    }

    /** A report with the schema as a further component. */
    SystemHealth with(SystemHealth health) {
        List<String> left = problems;
        SchemaFacts served = facts;
        List<HealthComponent> components = new ArrayList<>(health.components());
        components.add(
                new HealthComponent(
                        "schema",
                        left.isEmpty() ? HealthStatus.HEALTHY : HealthStatus.DEGRADED,
                        left.isEmpty() ? null : String.join("; ", left),
                        served == null ? Map.of() : Map.of("generation", served.generation())));
        HealthStatus status =
                !left.isEmpty() && health.status() == HealthStatus.HEALTHY
                        ? HealthStatus.DEGRADED
                        : health.status();
        return new SystemHealth(
                status,
                health.timestamp(),
                health.uptime(),
                health.version(),
                health.domainCount(),
                health.activeDomains(),
                health.activeTasks(),
                health.resources(),
                components,
                health.store());
    }
}
