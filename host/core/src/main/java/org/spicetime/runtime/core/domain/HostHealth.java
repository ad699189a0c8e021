// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.health.HealthReport;
import org.spicetime.runtime.core.health.MachineChecks;
import org.spicetime.runtime.core.plugins.PluginRegistry;

/**
 * Looks at the health of the host: of its domains and of what they stand on. What comes and goes
 * with other bundles is looked at while it is there. Thread-safe.
 */
final class HostHealth {

    private final Node node;
    private final String version;
    private final long startedNanos;
    private final HostedDomains domains;
    private final DomainRecovery recovery;
    private final Provisioning provisioning;
    private final PluginRegistry registry;
    private final OptionalServices services;
    private volatile @Nullable HostRecovery recovered;

    /**
     * Looks at nothing yet.
     *
     * @param startedNanos when the host started, on the monotonic clock
     */
    HostHealth(
            Node node,
            String version,
            long startedNanos,
            HostedDomains domains,
            DomainRecovery recovery,
            Provisioning provisioning,
            PluginRegistry registry,
            OptionalServices services) {
        this.node = node;
        this.version = version;
        this.startedNanos = startedNanos;
        this.domains = domains;
        this.recovery = recovery;
        this.provisioning = provisioning;
        this.registry = registry;
        this.services = services;
    }

    /** What the start brought back is told from now on. */
    void recovered(HostRecovery brought) {
        recovered = brought;
    }

    /** The health as it is now. */
    SystemHealth report() {
        HealthReport report = new HealthReport();
        for (HostedDomain domain : domains.all()) {
            try {
                domain.body().checkAnswers();
                report.domain(domain.face());
            } catch (RefusedException hangs) {
                report.problem(
                        "domain:" + domain.id(),
                        HealthStatus.UNHEALTHY,
                        String.valueOf(hangs.getMessage()));
            }
        }
        recovery.unowned()
                .forEach((id, why) -> report.problem("domain:" + id, HealthStatus.UNHEALTHY, why));
        String forgetful = registry.fileProblem();
        if (forgetful != null) {
            report.problem("quarantine", HealthStatus.DEGRADED, forgetful);
        }
        report.scheduler();
        HostRecovery brought = recovered;
        report.store(node.store().health(), brought == null ? Map.of() : brought.details());
        report.hardware(services.hardware.get());
        report.nativeAccess();
        provisioning
                .problems()
                .forEach((file, sentence) ->
                        report.problem("file:" + file, HealthStatus.DEGRADED, sentence));
        Bundles present = services.bundles.get();
        if (present != null) {
            report.bundles(present);
        }
        MachineChecks checks = services.machine.get();
        if (checks != null) {
            checks.addTo(report);
        }
        return report.report(
                node.clock().instants().instant(),
                Duration.ofNanos(node.clock().nanos().getAsLong() - startedNanos),
                version,
                services.processor());
    }
}
