// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.core.memory.MachineMemory;

/**
 * Checks what the domains do not know: plugins in quarantine, the machine's memory, the disk under
 * the instance directory. Thread-safe.
 */
@Component(service = MachineChecks.class)
@Designate(ocd = HealthSettings.class)
public final class MachineChecks {
    private static final int LARGEST = 1 << 20;
    private static final int MEBIBYTE_BITS = 20;

    private final Supplier<List<CatalogueEntry.Facts>> plugins;
    private final Supplier<OptionalLong> availableMemory;
    private final Path instance;

    private volatile long diskDegraded;
    private volatile long diskUnhealthy;
    private volatile long memoryDegraded;

    /** In a framework. */
    @Activate
    public MachineChecks(
            BundleContext context, HealthSettings settings, @Reference Catalogue catalogue) {
        this(
                () -> facts(catalogue),
                new MachineMemory(Path.of("/"))::availableBytes,
                instance(context),
                settings);
    }

    MachineChecks(
            Supplier<List<CatalogueEntry.Facts>> plugins,
            Supplier<OptionalLong> availableMemory,
            Path instance,
            HealthSettings settings) {
        this.plugins = plugins;
        this.availableMemory = availableMemory;
        this.instance = instance;
        configure(settings);
    }

    private static Path instance(BundleContext context) {
        String path = context.getProperty("spicetime.instance");
        return Path.of(path == null ? "" : path).toAbsolutePath();
    }

    private static List<CatalogueEntry.Facts> facts(Catalogue catalogue) {
        return Stream.of(catalogue.policies(), catalogue.allocators(), catalogue.handlers())
                .flatMap(List::stream)
                .map(CatalogueEntry::facts)
                .toList();
    }

    /** Takes new settings. */
    @Modified
    void configure(HealthSettings settings) {
        diskDegraded = bytes(settings.diskDegradedMebibytes());
        diskUnhealthy = bytes(settings.diskUnhealthyMebibytes());
        memoryDegraded = bytes(settings.memoryDegradedMebibytes());
    }

    private static long bytes(int mebibytes) {
        return (long) Math.clamp(mebibytes, 0, LARGEST) << MEBIBYTE_BITS;
    }

    /** Adds what is found. */
    public void addTo(HealthReport report) {
        plugins(report);
        memory(report);
        disk(report);
    }

    private void plugins(HealthReport report) {
        List<String> quarantined = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (CatalogueEntry.Facts facts : plugins.get()) {
            if (facts.state() == CatalogueState.QUARANTINED) {
                names.add(facts.name());
                quarantined.add(facts.name() + " until " + facts.quarantinedUntil());
            }
        }
        report.part(
                "plugins",
                quarantined.isEmpty() ? HealthStatus.HEALTHY : HealthStatus.DEGRADED,
                quarantined.isEmpty() ? null : "in quarantine: " + String.join(", ", quarantined),
                Map.of("quarantined", names));
    }

    private void memory(HealthReport report) {
        Runtime heap = Runtime.getRuntime();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("heapUsedBytes", heap.totalMemory() - heap.freeMemory());
        details.put("heapLimitBytes", heap.maxMemory());
        OptionalLong available = availableMemory.get();
        available.ifPresent(bytes -> details.put("availableBytes", bytes));
        boolean scarce = available.isPresent() && available.getAsLong() < memoryDegraded;
        report.part(
                "memory",
                scarce ? HealthStatus.DEGRADED : HealthStatus.HEALTHY,
                scarce
                        ? "the machine has %d MiB of memory left, which is less than %d MiB"
                                .formatted(
                                        available.getAsLong() >> MEBIBYTE_BITS,
                                        memoryDegraded >> MEBIBYTE_BITS)
                        : null,
                details);
    }

    private void disk(HealthReport report) {
        try {
            long free = Files.getFileStore(instance).getUsableSpace();
            HealthStatus status =
                    free < diskUnhealthy
                            ? HealthStatus.UNHEALTHY
                            : free < diskDegraded ? HealthStatus.DEGRADED : HealthStatus.HEALTHY;
            report.part("disk", status, little(status, free), Map.of("freeBytes", free));
        } catch (IOException e) {
            report.part(
                    "disk",
                    HealthStatus.DEGRADED,
                    "the space left for the instance directory cannot be read: "
                            + e.getClass().getSimpleName(),
                    Map.of());
        }
    }

    private @Nullable String little(HealthStatus status, long free) {
        long limit = status == HealthStatus.UNHEALTHY ? diskUnhealthy : diskDegraded;
        return status == HealthStatus.HEALTHY
                ? null
                : "the instance directory has %d MiB of disk space left, which is less than %d MiB"
                        .formatted(free >> MEBIBYTE_BITS, limit >> MEBIBYTE_BITS);
    }
}
