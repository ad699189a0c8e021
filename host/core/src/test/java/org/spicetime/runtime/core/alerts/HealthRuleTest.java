// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.AlertSeverity;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.domain.StoreHealth;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.core.health.HealthReport;

class HealthRuleTest {
    private static List<Finding> findings(HealthReport report) {
        return HealthRule.findings(
                report.report(Instant.EPOCH, Duration.ZERO, "1", ProcessorSample.UNKNOWN));
    }

    private static StoreHealth store(HealthStatus status, boolean readOnly) {
        return new StoreHealth(
                status,
                readOnly,
                true,
                status == HealthStatus.HEALTHY ? null : "why",
                "SQLite 3",
                1,
                0,
                OptionalLong.of(7),
                0,
                LatencySummary.EMPTY,
                null);
    }

    @Test
    void eachPartThatIsNotWellHasItsCode() {
        HealthReport report = new HealthReport();
        report.problem("disk", HealthStatus.UNHEALTHY, "full");
        report.problem("memory", HealthStatus.DEGRADED, "little");
        report.problem("bundle:org.example", HealthStatus.DEGRADED, "wrong");
        report.problem("deploy:a.jar", HealthStatus.DEGRADED, "no bundle");
        report.problem("file:domains.yaml", HealthStatus.DEGRADED, "no domain");
        report.problem("quarantine", HealthStatus.DEGRADED, "not written");
        report.problem("domain:ann", HealthStatus.UNHEALTHY, "does not answer");
        assertThat(findings(report))
                .extracting(Finding::code, Finding::severity, Finding::domain)
                .containsExactly(
                        tuple(AlertCode.DISK_SCARCE, AlertSeverity.CRITICAL, null),
                        tuple(AlertCode.MEMORY_SCARCE, AlertSeverity.WARNING, null),
                        tuple(AlertCode.BUNDLE_PROBLEM, AlertSeverity.WARNING, null),
                        tuple(AlertCode.BUNDLE_PROBLEM, AlertSeverity.WARNING, null),
                        tuple(AlertCode.FILE_UNUSABLE, AlertSeverity.WARNING, null),
                        tuple(AlertCode.FILE_UNUSABLE, AlertSeverity.WARNING, null),
                        tuple(AlertCode.DOMAIN_AWAY, AlertSeverity.CRITICAL, DomainId.of("ann")));
    }

    @Test
    void partsThatAreWellOrToldByAnotherRuleHaveNone() {
        HealthReport report = new HealthReport();
        report.problem("disk", HealthStatus.HEALTHY, "fine");
        report.problem("bundle:a", HealthStatus.CHECKING, "not yet known");
        report.hardware(null);
        report.problem("plugins", HealthStatus.DEGRADED, "in quarantine: A");
        report.store(store(HealthStatus.CHECKING, false), Map.of());
        assertThat(findings(report)).isEmpty();
    }

    @Test
    void aStoreThatTakesNothingIsWorseThanOneThatSoonWill() {
        HealthReport scarce = new HealthReport();
        scarce.store(store(HealthStatus.DEGRADED, false), Map.of());
        HealthReport damaged = new HealthReport();
        damaged.store(store(HealthStatus.UNHEALTHY, true), Map.of());
        assertThat(findings(scarce))
                .extracting(Finding::code, Finding::severity)
                .containsExactly(tuple(AlertCode.STORE_SCARCE, AlertSeverity.WARNING));
        assertThat(findings(damaged))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(AlertCode.STORE_READ_ONLY);
                    assertThat(finding.severity()).isEqualTo(AlertSeverity.CRITICAL);
                    assertThat(finding.message()).isEqualTo("the task store: why");
                    assertThat(finding.details())
                            .containsEntry("status", "UNHEALTHY")
                            .containsEntry("freeBytes", 7L);
                });
    }

    @Test
    void thePageTellsEveryCodeOnce() throws IOException {
        Pattern heading = Pattern.compile("### `(DR-[A-Z]+-\\d{4})` .+");
        List<String> told =
                Files.readAllLines(Path.of("..", "..", "docs", "alerts.md")).stream()
                        .map(heading::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1))
                        .toList();
        assertThat(told)
                .containsExactlyElementsOf(
                        Arrays.stream(AlertCode.values()).map(AlertCode::text).toList());
    }
}
