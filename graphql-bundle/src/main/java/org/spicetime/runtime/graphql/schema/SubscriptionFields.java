// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.spicetime.runtime.api.security.Role.VIEWER;

import java.util.UUID;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.graphql.stream.EventSource;

/** The fields of Subscription. */
final class SubscriptionFields {
    private final Services services;

    SubscriptionFields(Services services) {
        this.services = services;
    }

    RootFields all() {
        MetricsSources metrics = new MetricsSources(services);
        return new RootFields("Subscription")
                .stream("domainStatusChanged", VIEWER, this::status).stream(
                        "taskUpdated", VIEWER, this::task)
                        .stream("resourceAlert", VIEWER, this::alerts)
                        .stream("domainMetrics", VIEWER, metrics::domains)
                        .stream("hostMetrics", VIEWER, metrics::host);
    }

    private EventSource status(Call call) {
        return new StatusSource(life(services.domain(call.text("domainId"))));
    }

    private EventSource task(Call call) {
        Task task = services.task(call.text("taskId"));
        return new TaskSource(life(services.domainOf(task)), task.id());
    }

    private EventSource alerts(Call call) {
        Domain domain = services.domain(call.text("domainId"));
        double threshold = call.number("threshold");
        if (!(threshold > 0 && threshold <= 1)) {
            String meant =
                    threshold > 1 && threshold <= 100
                            ? "; did you mean the ratio " + threshold / 100 + "?"
                            : "";
            throw RefusedException.outOfRange(
                    "threshold", threshold + meant, "a ratio above 0 and up to 1");
        }
        return new AlertSource(life(domain), threshold);
    }

    private Life life(Domain domain) {
        return new Life(services, domain, domain.state().incarnation());
    }

    /** One life of a domain: another one of the same id is not it. Immutable. */
    private record Life(Services services, Domain domain, UUID incarnation) {
        boolean over() {
            return services.domains()
                    .find(domain.id())
                    .map(found -> !found.state().incarnation().equals(incarnation))
                    .orElse(true);
        }
    }

    private record StatusSource(Life life) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            return life.domain().watch(state -> listener.next(state.status()));
        }

        @Override
        public boolean gone() {
            return life.over();
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }

    private record TaskSource(Life life, TaskId task) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            return life.domain()
                    .watchTask(
                            task,
                            state -> {
                                if (state.phase().isFinal()) listener.last(state);
                                else listener.next(state);
                            });
        }

        @Override
        public boolean gone() {
            return life.over() || life.domain().task(task).isEmpty();
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }

    private record AlertSource(Life life, double threshold) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            return life.domain().watchResources(threshold, listener::next);
        }

        @Override
        public boolean gone() {
            return life.over();
        }

        @Override
        public Kind kind() {
            return Kind.EVENTS;
        }
    }
}
