// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.OPERATOR;
import static org.spicetime.runtime.api.security.Role.VIEWER;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.task.TaskChange;
import org.spicetime.runtime.graphql.stream.EventSource;

/** The fields of Subscription. */
final class SubscriptionFields {
    private final Services services;
    private final SchemaState state;

    SubscriptionFields(Services services, SchemaState state) {
        this.services = services;
        this.state = state;
    }

    RootFields all() {
        DomainSources domains = new DomainSources(services);
        TaskSources tasks = new TaskSources(services);
        MetricsSources metrics = new MetricsSources(services);
        RootFields fields = new RootFields("Subscription");
        fields.stream("domainStatusChanged", VIEWER, domains::status);
        fields.stream("domainUpdated", VIEWER, domains::updated);
        fields.stream("resourceAlert", VIEWER, domains::alerts);
        fields.stream("runtimeErrors", VIEWER, domains::errors);
        fields.stream("taskUpdated", VIEWER, tasks::task);
        fields.stream("domainTaskChanges", VIEWER, tasks::changes);
        fields.stream("domainMetrics", VIEWER, metrics::domains);
        fields.stream("hostMetrics", VIEWER, metrics::host);
        fields.stream("bundleUpdated", VIEWER, call -> new BundleSource(services));
        fields.stream("systemHealthChanged", VIEWER, call -> new Health(services, state));
        fields.stream("logAppended", OPERATOR, call -> LogSource.of(services, call));
        fields.stream("alertUpdated", VIEWER, call -> AlertSource.of(services, call));
        fields.stream("schemaChanged", VIEWER, call -> new Schema(state));
        return fields;
    }

    /** Types that only subscriptions answer. */
    static Fields<TaskChange> type() {
        return Fields.of("TaskChange", TaskChange.class)
                .leaf("cursor", TaskChange::cursor)
                .part("task", TaskChange::task)
                .leaf("taskId", c -> c.taskId().toString())
                .leaf("kind", TaskChange::kind);
    }

    private record Health(Services services, SchemaState state) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            Watch schema = state.watch(facts -> listener.next(services.domains().health()));
            Watch health = services.domains().watchHealth(listener::next);
            return () -> {
                schema.close();
                health.close();
            };
        }

        @Override
        public @Nullable Object event(Object health) {
            return null; // the state of the schema is added when it is sent
        }

        @Override
        public Object sent(Object health) {
            return state.with((SystemHealth) health);
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }

    private static final class Schema implements EventSource {
        private final SchemaState state;

        @GuardedBy("this")
        private int told;

        Schema(SchemaState state) {
            this.state = state;
        }

        @Override
        public Watch open(Listener listener) {
            Watch swaps = state.watch(facts -> tell(facts, listener));
            tell(state.current(), listener);
            return swaps;
        }

        // A swap may be told between reading the schema that was served and telling it.
        private synchronized void tell(SchemaFacts facts, Listener listener) {
            if (facts.generation() <= told) return;
            told = facts.generation();
            listener.next(facts);
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }
}
