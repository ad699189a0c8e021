// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.alert.Alert;
import org.spicetime.runtime.api.alert.AlertListener;
import org.spicetime.runtime.api.alert.Alerts;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.SystemHealth;

/**
 * Shows the book of alerts, and writes into it what the health of the host and the catalogue of
 * plugins tell; domains write of themselves. Thread-safe.
 */
@Component(service = Alerts.class, immediate = true)
public final class AlertsService implements Alerts {
    private static final AlertBook.Source HEALTH = new AlertBook.Source("health", null);
    private static final AlertBook.Source QUARANTINE = new AlertBook.Source("quarantine", null);

    private final AlertBook book;
    private final Catalogue catalogue;
    private final Watch health;
    private final Watch plugins;

    /** Watches from now on. */
    @Activate
    public AlertsService(
            @Reference AlertBook book, @Reference Domains domains, @Reference Catalogue catalogue) {
        this.book = book;
        this.catalogue = catalogue;
        health = domains.watchHealth(this::health);
        plugins = catalogue.watch(this::plugins);
        plugins();
    }

    private void health(SystemHealth now) {
        book.report(HEALTH, HealthRule.findings(now));
    }

    /* What was read first is told first. */
    private synchronized void plugins() {
        book.report(QUARANTINE, QuarantineRule.findings(catalogue));
    }

    @Override
    public List<Alert> list(@Nullable DomainId domain, boolean active, int first) {
        return book.list(domain, active, first);
    }

    @Override
    public Watch watch(@Nullable DomainId domain, AlertListener listener) {
        return book.watch(domain, listener);
    }

    /** Watches no more; what was found stays as it is. */
    @Deactivate
    public void close() {
        health.close();
        plugins.close();
    }
}
