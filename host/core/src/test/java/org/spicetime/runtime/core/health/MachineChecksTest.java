// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.hardware.ProcessorSample;

class MachineChecksTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final Instant UNTIL = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir Path instance;

    @Test
    void aMachineWithRoomIsHealthy() {
        MachineChecks checks = checks(OptionalLong.of(200L * MEBIBYTE), settings(0, 0, 128));
        assertThat(part(checks, "plugins").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(part(checks, "memory").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(part(checks, "disk").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(part(checks, "disk").details()).containsKey("freeBytes");
    }

    @Test
    void aPluginInQuarantineIsNamed() {
        MachineChecks checks =
                checks(
                        OptionalLong.empty(),
                        settings(0, 0, 0),
                        facts("EDF", CatalogueState.QUARANTINED, UNTIL),
                        facts("FIFO", CatalogueState.ACTIVE, null));
        HealthComponent plugins = part(checks, "plugins");
        assertThat(plugins.status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(plugins.message()).isEqualTo("in quarantine: EDF until " + UNTIL);
        assertThat(plugins.details()).containsEntry("quarantined", List.of("EDF"));
    }

    @Test
    void scarceMemoryIsToldWithBothFigures() {
        MachineChecks checks = checks(OptionalLong.of(100L * MEBIBYTE), settings(0, 0, 128));
        assertThat(part(checks, "memory").status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(part(checks, "memory").message()).contains("100 MiB", "128 MiB");
    }

    @Test
    void unknownMemoryIsAbsent() {
        MachineChecks checks = checks(OptionalLong.empty(), settings(0, 0, 128));
        assertThat(part(checks, "memory").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(part(checks, "memory").details()).doesNotContainKey("availableBytes");
    }

    @Test
    void newThresholdsHoldFromTheNextCheckOn() {
        MachineChecks checks = checks(OptionalLong.empty(), settings(0, 0, 0));
        Instant before = Instant.now();
        assertThat(part(checks, "disk").status()).isEqualTo(HealthStatus.HEALTHY);
        checks.configure(settings(Integer.MAX_VALUE, 0, 0));
        assertThat(part(checks, "disk").status())
                .as("less than a tebibyte is free since %s", before)
                .isEqualTo(free() < 1L << 40 ? HealthStatus.DEGRADED : HealthStatus.HEALTHY);
        checks.configure(settings(Integer.MAX_VALUE, Integer.MAX_VALUE, 0));
        assertThat(part(checks, "disk").status())
                .isEqualTo(free() < 1L << 40 ? HealthStatus.UNHEALTHY : HealthStatus.HEALTHY);
        checks.configure(settings(-1, -1, -1));
        assertThat(part(checks, "disk").status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void aDirectoryThatIsGoneIsToldAndDoesNotThrow() {
        MachineChecks checks =
                new MachineChecks(
                        List::of, OptionalLong::empty, instance.resolve("gone"), settings(0, 0, 0));
        assertThat(part(checks, "disk").status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(part(checks, "disk").message()).contains("cannot be read");
    }

    private long free() {
        try {
            return Files.getFileStore(instance).getUsableSpace();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private MachineChecks checks(
            OptionalLong memory, HealthSettings settings, CatalogueEntry.Facts... plugins) {
        return new MachineChecks(() -> List.of(plugins), () -> memory, instance, settings);
    }

    private static HealthComponent part(MachineChecks checks, String name) {
        HealthReport report = new HealthReport();
        checks.addTo(report);
        return report
                .report(Instant.EPOCH, Duration.ZERO, "1", ProcessorSample.UNKNOWN)
                .components()
                .stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static CatalogueEntry.Facts facts(
            String name, CatalogueState state, @Nullable Instant until) {
        return new CatalogueEntry.Facts(
                name, "1", "", null, null, state, until, "{}", List.of(), List.of());
    }

    private static HealthSettings settings(int degraded, int unhealthy, int memory) {
        return (HealthSettings)
                Proxy.newProxyInstance(
                        HealthSettings.class.getClassLoader(),
                        new Class<?>[] {HealthSettings.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "diskDegradedMebibytes" -> degraded;
                                    case "diskUnhealthyMebibytes" -> unhealthy;
                                    default -> memory;
                                });
    }
}
