// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.domain.HostFacts;
import org.spicetime.runtime.api.domain.HostMetrics;
import org.spicetime.runtime.api.domain.HostMetrics.FileSystem;
import org.spicetime.runtime.api.hardware.HardwareFacts;
import org.spicetime.runtime.api.hardware.HardwareMetrics;
import org.spicetime.runtime.api.hardware.HardwareSample;

/**
 * Facts and measurements of the machine and of this process: the machine by the hardware service,
 * if there is one, the process by the Java runtime. {@link #take} measures and may read files; the
 * rest answers from memory. Thread-safe.
 */
public final class HostMeasures implements AutoCloseable {

    /**
     * What does not change while the host runs. Immutable.
     *
     * @param host this run of this host
     * @param framework name and version of the OSGi framework
     * @param directories the host writes to, by purpose
     */
    public record Identity(HostRef host, String framework, Map<String, Path> directories) {
        public Identity {
            directories = Map.copyOf(directories);
        }
    }

    private final Identity identity;
    private final InstantSource clock;
    private final Supplier<@Nullable HardwareMetrics> hardware;
    private final LongSupplier poolsReserved;
    private final OperatingSystemMXBean system;
    private final GcPauses pauses = new GcPauses(System::nanoTime);
    private final HostFacts own;
    private volatile @Nullable HostMetrics newest;

    /**
     * @param hardware the hardware service there now; null: none
     * @param poolsReserved bytes of all domain pools together
     */
    public HostMeasures(
            Identity identity,
            InstantSource clock,
            Supplier<@Nullable HardwareMetrics> hardware,
            LongSupplier poolsReserved) {
        this.identity = identity;
        this.clock = clock;
        this.hardware = hardware;
        this.poolsReserved = poolsReserved;
        system = ManagementFactory.getOperatingSystemMXBean();
        own = ownFacts();
    }

    private HostFacts ownFacts() {
        return new HostFacts(
                identity.host(),
                machineName(),
                system.getName() + " " + system.getVersion(),
                system.getArch(),
                Optional.empty(),
                OptionalInt.empty(),
                system.getAvailableProcessors(),
                MainMemory.bytes(),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                identity.framework(),
                ProcessHandle.current().pid(),
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    private static String machineName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }

    /** The machine and the Java runtime. */
    public HostFacts facts() {
        HardwareMetrics present = hardware.get();
        HardwareFacts known = present == null ? HardwareFacts.UNKNOWN : present.facts();
        return new HostFacts(
                own.host(),
                known.machineName().orElse(own.name()),
                known.operatingSystem().orElse(own.operatingSystem()),
                own.architecture(),
                known.processorName(),
                known.physicalCores(),
                own.availableProcessors(),
                own.memoryBytes(),
                own.javaRuntime(),
                own.framework(),
                own.processId(),
                own.startedAt());
    }

    /** The newest measurements. */
    public HostMetrics metrics() {
        HostMetrics known = newest;
        return known == null ? take() : known;
    }

    /** Measures. By the sampler thread. */
    public HostMetrics take() {
        HardwareMetrics present = hardware.get();
        Instant now = clock.instant();
        HardwareSample machine = present == null ? HardwareSample.unknown(now) : present.sample();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        HostMetrics taken =
                new HostMetrics(
                        now,
                        machine.processor().loadRatio(),
                        machine.processor().loadRatioPerProcessor(),
                        machine.processor().processLoadRatio(),
                        loadAverage(machine),
                        machine.processor().temperatureCelsius(),
                        megahertz(machine),
                        machine.memory().usedBytes(),
                        machine.memory().processResidentBytes(),
                        heap.getUsed(),
                        heap.getMax() < 0 ? heap.getCommitted() : heap.getMax(),
                        poolsReserved.getAsLong(),
                        OptionalDouble.of(pauses.share()),
                        Optional.of(pauses.longest()),
                        machine.network().receivedBytesPerSecond(),
                        machine.network().sentBytesPerSecond(),
                        fileSystems());
        newest = taken;
        return taken;
    }

    private OptionalDouble loadAverage(HardwareSample machine) {
        OptionalDouble told = machine.processor().loadAverageOneMinute();
        double own = system.getSystemLoadAverage();
        return told.isPresent() || own < 0 ? told : OptionalDouble.of(own);
    }

    private static OptionalInt megahertz(HardwareSample machine) {
        return machine.processor().frequencyHertz().isPresent()
                ? OptionalInt.of(
                        (int) (machine.processor().frequencyHertz().getAsLong() / 1_000_000))
                : OptionalInt.empty();
    }

    private List<FileSystem> fileSystems() {
        List<FileSystem> known = new ArrayList<>();
        identity.directories().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(directory -> {
                    try {
                        FileStore store = Files.getFileStore(directory.getValue());
                        known.add(
                                new FileSystem(
                                        directory.getKey(),
                                        store.getTotalSpace(),
                                        store.getUsableSpace()));
                    } catch (IOException notThere) {
                        // Nothing is kept there (yet): it has no file system to tell of.
                    }
                });
        return known;
    }

    /** Listens to the collector no more. */
    @Override
    public void close() {
        pauses.close();
    }
}
