// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.AlertSeverity;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.StoreHealth;
import org.spicetime.runtime.api.domain.SystemHealth;

/** What the health of the host says is the matter. Stateless. */
final class HealthRule {
    private static final String DOMAIN = "domain:";

    private HealthRule() {}

    /** What is the matter with the parts that no other rule tells more exactly. */
    static List<Finding> findings(SystemHealth health) {
        List<Finding> findings = new ArrayList<>();
        for (HealthComponent part : health.components()) {
            if (part.status() == HealthStatus.DEGRADED || part.status() == HealthStatus.UNHEALTHY) {
                Finding finding = part(part);
                if (finding != null) {
                    findings.add(finding);
                }
            }
        }
        StoreHealth store = health.store();
        if (store != null) {
            store(store, findings);
        }
        return findings;
    }

    private static @Nullable Finding part(HealthComponent part) {
        int colon = part.name().indexOf(':');
        return switch (colon < 0 ? part.name() : part.name().substring(0, colon)) {
            case "domain" -> domain(part);
            case "bundle", "deploy" -> finding(AlertCode.BUNDLE_PROBLEM, part);
            case "disk" -> finding(AlertCode.DISK_SCARCE, part);
            case "memory" -> finding(AlertCode.MEMORY_SCARCE, part);
            case "file", "quarantine" -> finding(AlertCode.FILE_UNUSABLE, part);
            // Told by rules of their own: "store", "plugins", "scheduler"; and what is lacking but
            // not the matter: "hardware".
            default -> null;
        };
    }

    /* A domain that answers tells of itself, and its component has its status. */
    private static @Nullable Finding domain(HealthComponent part) {
        if (part.details().containsKey("status")) {
            return null;
        }
        DomainId domain = DomainId.of(part.name().substring(DOMAIN.length()));
        return new Finding(
                AlertCode.DOMAIN_AWAY,
                domain,
                "",
                AlertSeverity.CRITICAL,
                "domain \"" + domain + "\": " + message(part),
                Map.of());
    }

    private static Finding finding(AlertCode code, HealthComponent part) {
        Map<String, Object> details = new LinkedHashMap<>(part.details());
        details.put("component", part.name());
        return new Finding(
                code,
                null,
                part.name(),
                severity(part.status()),
                part.name() + ": " + message(part),
                details);
    }

    private static void store(StoreHealth store, List<Finding> findings) {
        boolean ill =
                store.status() == HealthStatus.DEGRADED || store.status() == HealthStatus.UNHEALTHY;
        if (!ill && !store.readOnly()) {
            return;
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("status", store.status().name());
        details.put("engine", store.engine());
        store.freeBytes().ifPresent(bytes -> details.put("freeBytes", bytes));
        findings.add(
                new Finding(
                        store.readOnly() ? AlertCode.STORE_READ_ONLY : AlertCode.STORE_SCARCE,
                        null,
                        "",
                        store.readOnly() ? AlertSeverity.CRITICAL : AlertSeverity.WARNING,
                        "the task store: " + store.message(),
                        details));
    }

    private static AlertSeverity severity(HealthStatus status) {
        return status == HealthStatus.UNHEALTHY ? AlertSeverity.CRITICAL : AlertSeverity.WARNING;
    }

    private static String message(HealthComponent part) {
        String told = part.message();
        return told == null ? "is " + part.status() : told;
    }
}
