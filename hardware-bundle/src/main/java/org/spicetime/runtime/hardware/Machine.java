// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.hardware;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.hardware.FileSystemSample;
import org.spicetime.runtime.api.hardware.HardwareFacts;
import org.spicetime.runtime.api.hardware.HardwareSample;
import org.spicetime.runtime.api.hardware.MemorySample;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.software.os.OSFileStore;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * Reads the machine through OSHI and keeps the former readings that loads and rates need. A part
 * that cannot be read is unknown, never zero; its first failure is logged. Called by one thread at
 * a time.
 */
final class Machine {

    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    private final HardwareAbstractionLayer hardware;
    private final OperatingSystem system;
    private final Traffic traffic;
    private final Map<String, String> failures = new HashMap<>();

    private long @Nullable [] ticks;
    private long @Nullable [][] ticksPerProcessor;
    private @Nullable OSProcess process;

    Machine(HardwareAbstractionLayer hardware, OperatingSystem system) {
        this.hardware = hardware;
        this.system = system;
        this.traffic = new Traffic(hardware);
    }

    HardwareFacts facts() {
        return part(
                "facts",
                HardwareFacts.UNKNOWN,
                () -> {
                    CentralProcessor processor = hardware.getProcessor();
                    return new HardwareFacts(
                            part(
                                    "machine name",
                                    Optional.<String>empty(),
                                    () -> Known.text(system.getNetworkParams().getHostName())),
                            Known.text(
                                    system.getFamily()
                                            + " "
                                            + system.getVersionInfo().getVersion()),
                            Known.text(processor.getProcessorIdentifier().getName()),
                            Known.positive(processor.getPhysicalPackageCount()),
                            Known.positive(processor.getPhysicalProcessorCount()),
                            Known.positive(processor.getLogicalProcessorCount()),
                            Known.positive(processor.getMaxFreq()),
                            Known.positive(hardware.getMemory().getTotal()));
                });
    }

    HardwareSample sample(Instant now, long nanos) {
        return new HardwareSample(
                now,
                part("processor", ProcessorSample.UNKNOWN, this::processor),
                part("memory", MemorySample.UNKNOWN, this::memory),
                part(
                        "network",
                        org.spicetime.runtime.api.hardware.NetworkCounters.UNKNOWN,
                        () -> traffic.network(nanos)),
                part(
                        "disk",
                        org.spicetime.runtime.api.hardware.DiskCounters.UNKNOWN,
                        () -> traffic.disk(nanos)),
                part("file systems", List.<FileSystemSample>of(), this::fileSystems));
    }

    private ProcessorSample processor() {
        CentralProcessor processor = hardware.getProcessor();
        OptionalDouble load = OptionalDouble.empty();
        List<Double> loads = new ArrayList<>();
        if (ticks != null) load = Known.ratio(processor.getSystemCpuLoadBetweenTicks(ticks));
        if (ticksPerProcessor != null) {
            for (double each : processor.getProcessorCpuLoadBetweenTicks(ticksPerProcessor)) {
                Known.ratio(each).ifPresent(loads::add);
            }
        }
        ticks = processor.getSystemCpuLoadTicks();
        ticksPerProcessor = processor.getProcessorCpuLoadTicks();
        OptionalDouble frequency =
                LongStream.of(processor.getCurrentFreq()).filter(each -> each > 0).average();
        return new ProcessorSample(
                load,
                loads,
                processLoad(processor),
                Known.notNegative(processor.getSystemLoadAverage(1)[0]),
                part(
                        "temperature",
                        OptionalDouble.empty(),
                        () -> Known.celsius(hardware.getSensors().getCpuTemperature())),
                frequency.isPresent()
                        ? OptionalLong.of(Math.round(frequency.getAsDouble()))
                        : OptionalLong.empty(),
                Known.count(processor.getContextSwitches()),
                Known.count(processor.getInterrupts()));
    }

    /**
     * OSHI tells cores used; the share of the machine is that over the number of logical
     * processors.
     */
    private OptionalDouble processLoad(CentralProcessor processor) {
        OSProcess before = process;
        OSProcess now = system.getProcess(system.getProcessId());
        process = now;
        if (before == null || now == null) return OptionalDouble.empty();
        return Known.ratio(
                now.getProcessCpuLoadBetweenTicks(before) / processor.getLogicalProcessorCount());
    }

    private MemorySample memory() {
        GlobalMemory memory = hardware.getMemory();
        OSProcess own = process;
        return new MemorySample(
                Known.positive(memory.getTotal()),
                Known.count(memory.getAvailable()),
                Known.count(memory.getVirtualMemory().getSwapTotal()),
                Known.count(memory.getVirtualMemory().getSwapUsed()),
                own == null ? OptionalLong.empty() : Known.positive(own.getResidentMemory()));
    }

    private List<FileSystemSample> fileSystems() {
        Map<String, FileSystemSample> byMount = new java.util.TreeMap<>();
        for (OSFileStore store : system.getFileSystem().getFileStores(true)) {
            if (store.getMount().isBlank() || store.getTotalSpace() <= 0) continue;
            byMount.putIfAbsent(
                    store.getMount(),
                    new FileSystemSample(
                            store.getMount(),
                            store.getType(),
                            Known.positive(store.getTotalSpace()),
                            Known.count(store.getUsableSpace())));
        }
        return List.copyOf(byMount.values());
    }

    private <T> T part(String name, T unknown, Supplier<T> reading) {
        try {
            T value = reading.get();
            failures.remove(name);
            return value;
        } catch (RuntimeException | LinkageError e) {
            if (failures.put(name, String.valueOf(e.getMessage())) == null) {
                LOG.warn("the {} of this machine cannot be read and stays unknown", name, e);
            }
            return unknown;
        }
    }
}
