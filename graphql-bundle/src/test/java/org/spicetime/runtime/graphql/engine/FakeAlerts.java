// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.alert.Alert;
import org.spicetime.runtime.api.alert.AlertListener;
import org.spicetime.runtime.api.alert.Alerts;
import org.spicetime.runtime.api.domain.AlertSeverity;

/** Alerts in a test's hands; at first one of the host and one of a domain, and one cleared. */
final class FakeAlerts implements Alerts {
    static final Alert OF_HOST = alert(1, "DR-HOST-0001", null, null);
    static final Alert OF_DOMAIN = alert(2, "DR-SCHED-0001", DomainId.of("ethical-scoring"), null);
    static final Alert CLEARED =
            alert(3, "DR-MEM-0001", DomainId.of("gone"), FakeDomain.CREATED.plusSeconds(5));

    final List<Alert> alerts = new CopyOnWriteArrayList<>(List.of(OF_HOST, OF_DOMAIN, CLEARED));
    final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    /** Who watches what. Immutable. */
    record Watcher(@Nullable DomainId domain, AlertListener listener) {}

    static Alert alert(
            long id, String code, @Nullable DomainId domain, @Nullable Instant clearedAt) {
        return new Alert(
                new UUID(8, id),
                code,
                AlertSeverity.WARNING,
                domain,
                "What " + code + " says.",
                id == 1 ? Map.of() : Map.of("blocks", id, "names", List.of("a", "b")),
                FakeDomain.CREATED,
                clearedAt);
    }

    @Override
    public List<Alert> list(@Nullable DomainId domain, boolean active, int first) {
        return new ArrayList<>(alerts)
                .reversed().stream()
                        .filter(alert -> domain == null || domain.equals(alert.domain()))
                        .filter(alert -> !active || alert.active())
                        .limit(first)
                        .toList();
    }

    @Override
    public Watch watch(@Nullable DomainId domain, AlertListener listener) {
        Watcher watcher = new Watcher(domain, listener);
        list(domain, true, Integer.MAX_VALUE).reversed().forEach(listener::changed);
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }
}
