// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.Optional;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainListener;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.graphql.stream.EventSource;

/** What subscriptions to domains listen to; each ends when its domain is deleted. */
final class DomainSources {
    private final Services services;

    DomainSources(Services services) {
        this.services = services;
    }

    EventSource status(Call call) {
        return new Status(services.domain(call.text("domainId")));
    }

    EventSource updated(Call call) {
        return new Updated(services.domain(call.text("domainId")));
    }

    EventSource alerts(Call call) {
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
        return new Alerts(domain, threshold);
    }

    EventSource errors(Call call) {
        String id = (String) call.optional("domainId");
        return id == null ? new AllErrors(services) : new Errors(services.domain(id));
    }

    private static Watch both(Watch one, Watch other) {
        return () -> {
            one.close();
            other.close();
        };
    }

    /** Ends a stream of events when the domain is deleted. */
    private static Watch untilDeleted(Domain domain, EventSource.Listener listener) {
        return domain.watch(
                new DomainListener() {
                    @Override
                    public void changed(DomainState state) {}

                    @Override
                    public void deleted() {
                        listener.end();
                    }
                });
    }

    private record Status(Domain domain) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            return domain.watch(
                    new DomainListener() {
                        @Override
                        public void changed(DomainState state) {
                            listener.next(state.status());
                        }

                        @Override
                        public void deleted() {
                            listener.end();
                        }
                    });
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }

    private record Updated(Domain domain) implements EventSource {
        /** The reservation is no part of the state, but a change of it is told. */
        private record Told(DomainState state, Optional<ResourceAllocation> allocation) {}

        @Override
        public Watch open(Listener listener) {
            return domain.watch(
                    new DomainListener() {
                        @Override
                        public void changed(DomainState state) {
                            listener.next(new Told(state, domain.allocation()));
                        }

                        @Override
                        public void deleted() {
                            listener.end();
                        }
                    });
        }

        /** What the readers are told of one change. */
        private record Change(Same state, Optional<ResourceAllocation> allocation) {}

        @Override
        public Object event(Object value) {
            Told told = (Told) value;
            return new Change(new Same(told.state()), told.allocation());
        }

        @Override
        public Object sent(Object value) {
            return new DomainView(domain, ((Told) value).state());
        }

        @Override
        public Kind kind() {
            return Kind.STATES;
        }
    }

    private record Alerts(Domain domain, double threshold) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            Watch alerts = domain.watchResources(threshold, listener::next);
            return both(alerts, untilDeleted(domain, listener));
        }

        @Override
        public Kind kind() {
            return Kind.EVENTS;
        }
    }

    private record Errors(Domain domain) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            Watch errors = domain.watchErrors(listener::next);
            return both(errors, untilDeleted(domain, listener));
        }

        @Override
        public Kind kind() {
            return Kind.EVENTS;
        }
    }

    private record AllErrors(Services services) implements EventSource {
        @Override
        public Watch open(Listener listener) {
            return services.domains().watchErrors(listener::next);
        }

        @Override
        public Kind kind() {
            return Kind.EVENTS;
        }
    }
}
