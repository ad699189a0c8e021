// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.domain.HostFacts;
import org.spicetime.runtime.api.domain.HostMetrics;
import org.spicetime.runtime.api.hardware.DiskCounters;
import org.spicetime.runtime.api.hardware.HardwareFacts;
import org.spicetime.runtime.api.hardware.HardwareMetrics;
import org.spicetime.runtime.api.hardware.HardwareSample;
import org.spicetime.runtime.api.hardware.MemorySample;
import org.spicetime.runtime.api.hardware.NetworkCounters;
import org.spicetime.runtime.api.hardware.ProcessorSample;

final class HostMeasuresTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @TempDir Path directory;

    @Test
    void withoutAHardwareServiceTheProcessIsMeasuredAndTheMachineIsUnknown() {
        try (HostMeasures measures = measures(null)) {
            HostFacts facts = measures.facts();
            assertThat(facts.name()).isNotBlank();
            assertThat(facts.processor()).isEmpty();
            assertThat(facts.physicalCores()).isEmpty();
            assertThat(facts.processId()).isEqualTo(ProcessHandle.current().pid());
            assertThat(facts.startedAt()).isBefore(Instant.now());
            assertThat(facts.memoryBytes()).isGreaterThan(1L << 28);
            assertThat(facts.javaRuntime()).contains(Runtime.version().toString());
            HostMetrics metrics = measures.metrics();
            assertThat(metrics.cpuUsage()).isEmpty();
            assertThat(metrics.cpuUsagePerCore()).isEmpty();
            assertThat(metrics.temperatureCelsius()).isEmpty();
            assertThat(metrics.heapUsedBytes()).isPositive();
            assertThat(metrics.heapMaxBytes()).isGreaterThanOrEqualTo(metrics.heapUsedBytes());
            assertThat(metrics.poolsReservedBytes()).isEqualTo(77);
        }
    }

    @Test
    void whatTheHardwareServiceTellsIsTold() {
        try (HostMeasures measures = measures(new Machine())) {
            assertThat(measures.facts().name()).isEqualTo("box");
            assertThat(measures.facts().processor()).contains("A processor");
            assertThat(measures.facts().physicalCores()).hasValue(4);
            HostMetrics metrics = measures.metrics();
            assertThat(metrics.cpuUsage()).hasValue(0.5);
            assertThat(metrics.cpuUsagePerCore()).containsExactly(0.25, 0.75);
            assertThat(metrics.frequencyMegahertz()).hasValue(2400);
            assertThat(metrics.memoryUsedBytes()).hasValue(600);
            assertThat(metrics.processMemoryBytes()).hasValue(100);
            assertThat(metrics.networkReceived()).hasValue(12.5);
        }
    }

    @Test
    void aFileSystemIsToldByItsPurposeIfItsDirectoryIsThere() {
        try (HostMeasures measures = measures(null)) {
            assertThat(measures.metrics().fileSystems())
                    .singleElement()
                    .satisfies(system -> {
                        assertThat(system.purpose()).isEqualTo("store");
                        assertThat(system.totalBytes())
                                .isEqualTo(directory.toFile().getTotalSpace());
                        assertThat(system.freeBytes()).isLessThanOrEqualTo(system.totalBytes());
                    });
        }
    }

    @Test
    void aCollectionOfTheHeapIsSeen() {
        try (GcPauses pauses = new GcPauses(System::nanoTime)) {
            assertThat(pauses.count()).isZero();
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (pauses.count() == 0 && System.nanoTime() < end) {
                System.gc();
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            assertThat(pauses.count()).isPositive();
        }
    }

    @Test
    void pausesCountForAMinute() {
        AtomicLong clock = new AtomicLong();
        try (GcPauses pauses = new GcPauses(clock::get)) {
            clock.set(Duration.ofMinutes(10).toNanos());
            assertThat(pauses.share()).isZero();
            assertThat(pauses.longest()).isZero();
            pauses.pause(600);
            pauses.pause(1800);
            assertThat(pauses.share()).isCloseTo(0.04, within(0.0001));
            assertThat(pauses.longest()).isEqualTo(Duration.ofMillis(1800));
            clock.addAndGet(Duration.ofSeconds(61).toNanos());
            assertThat(pauses.share()).isZero();
            assertThat(pauses.longest()).isZero();
        }
    }

    private HostMeasures measures(@Nullable HardwareMetrics hardware) {
        return new HostMeasures(
                new HostMeasures.Identity(
                        new HostRef("test", new UUID(1, 2)),
                        "",
                        Map.of("store", directory, "log", directory.resolve("missing"))),
                () -> NOW,
                () -> hardware,
                () -> 77);
    }

    private static final class Machine implements HardwareMetrics {
        @Override
        public HardwareSample sample() {
            return new HardwareSample(
                    NOW,
                    new ProcessorSample(
                            OptionalDouble.of(0.5),
                            List.of(0.25, 0.75),
                            OptionalDouble.of(0.1),
                            OptionalDouble.of(1.5),
                            OptionalDouble.empty(),
                            OptionalLong.of(2_400_000_000L),
                            OptionalLong.empty(),
                            OptionalLong.empty()),
                    new MemorySample(
                            OptionalLong.of(1000),
                            OptionalLong.of(400),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.of(100)),
                    new NetworkCounters(
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            OptionalDouble.of(12.5),
                            OptionalDouble.of(2.5)),
                    DiskCounters.UNKNOWN,
                    List.of());
        }

        @Override
        public HardwareFacts facts() {
            return new HardwareFacts(
                    Optional.of("box"),
                    Optional.of("Linux 6"),
                    Optional.of("A processor"),
                    OptionalInt.of(1),
                    OptionalInt.of(4),
                    OptionalInt.of(8),
                    OptionalLong.empty(),
                    OptionalLong.of(1L << 34));
        }
    }
}
