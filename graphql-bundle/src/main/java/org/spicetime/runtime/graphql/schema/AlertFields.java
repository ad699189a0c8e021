// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.alert.Alert;
import org.spicetime.runtime.api.alert.Alerts;
import org.spicetime.runtime.api.error.RefusedException;

/** What is the matter with the host and its domains. */
final class AlertFields {
    private static final int MOST = 500;

    private AlertFields() {}

    static Fields<Alert> type() {
        return Fields.of("Alert", Alert.class)
                .leaf("id", a -> a.id().toString())
                .leaf("code", Alert::code)
                .leaf("severity", Alert::severity)
                .leaf("domainId", AlertFields::domain)
                .leaf("message", Alert::message)
                .leaf("details", a -> a.details().isEmpty() ? null : a.details())
                .leaf("raisedAt", Alert::raisedAt)
                .leaf("clearedAt", Alert::clearedAt);
    }

    private static @Nullable String domain(Alert alert) {
        DomainId domain = alert.domain();
        return domain == null ? null : domain.value();
    }

    /** The alerts that a caller asks for. */
    static List<Alert> all(Services services, Call call) {
        int first = DomainFields.first(call, MOST);
        boolean active = call.flag("active");
        String id = (String) call.optional("domainId");
        if (id == null) return services.alerts().list(null, active, first);
        DomainId domain = Services.domainId(id);
        if (domain == null || !known(services, domain)) {
            throw RefusedException.notFound("domain", PayloadJson.excerpt(id));
        }
        return services.alerts().list(domain, active, first);
    }

    // Of a domain that is deleted, or that this host may not run, there can be alerts all the same.
    private static boolean known(Services services, DomainId domain) {
        Alerts alerts = services.alerts();
        return services.domains().find(domain).isPresent()
                || !alerts.list(domain, false, 1).isEmpty();
    }
}
