// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.alert.Alert;
import org.spicetime.runtime.api.alert.AlertListener;
import org.spicetime.runtime.graphql.stream.EventSource;

/** Alerts as they are raised and cleared; those of one domain end when it is deleted. */
record AlertSource(Services services, @Nullable DomainId domain) implements EventSource {

    static AlertSource of(Services services, Call call) {
        String id = (String) call.optional("domainId");
        return new AlertSource(services, id == null ? null : services.domain(id).id());
    }

    @Override
    public Watch open(Listener listener) {
        Watch watch =
                services.alerts()
                        .watch(
                                domain,
                                new AlertListener() {
                                    @Override
                                    public void changed(Alert alert) {
                                        listener.next(alert);
                                    }

                                    @Override
                                    public void deleted() {
                                        listener.end();
                                    }
                                });
        // It may have been deleted before it was watched; then nobody tells.
        if (domain != null && services.domains().find(domain).isEmpty()) listener.end();
        return watch;
    }

    @Override
    public Kind kind() {
        return Kind.EVENTS;
    }
}
