// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.hardware;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.hardware.DiskCounters;
import org.spicetime.runtime.api.hardware.NetworkCounters;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;

/**
 * Counters of network and disks, and their growth since the reading before. Called by one thread at
 * a time.
 */
final class Traffic {

    private record Reading(long nanos, long in, long out, long operations) {}

    private final HardwareAbstractionLayer hardware;
    private @Nullable Reading network;
    private @Nullable Reading disk;

    Traffic(HardwareAbstractionLayer hardware) {
        this.hardware = hardware;
    }

    NetworkCounters network(long nanos) {
        List<NetworkIF> interfaces = hardware.getNetworkIFs();
        if (interfaces.isEmpty()) return NetworkCounters.UNKNOWN;
        long received = interfaces.stream().mapToLong(NetworkIF::getBytesRecv).sum();
        long sent = interfaces.stream().mapToLong(NetworkIF::getBytesSent).sum();
        Reading before = network;
        network = new Reading(nanos, received, sent, 0);
        return new NetworkCounters(
                Known.count(received),
                Known.count(sent),
                Known.count(interfaces.stream().mapToLong(NetworkIF::getPacketsRecv).sum()),
                Known.count(interfaces.stream().mapToLong(NetworkIF::getPacketsSent).sum()),
                Known.count(
                        interfaces.stream()
                                .mapToLong(each -> each.getInErrors() + each.getOutErrors())
                                .sum()),
                before == null
                        ? OptionalDouble.empty()
                        : Known.rate(before.in, received, nanos - before.nanos),
                before == null
                        ? OptionalDouble.empty()
                        : Known.rate(before.out, sent, nanos - before.nanos));
    }

    DiskCounters disk(long nanos) {
        List<HWDiskStore> disks = hardware.getDiskStores();
        if (disks.isEmpty()) return DiskCounters.UNKNOWN;
        long read = disks.stream().mapToLong(HWDiskStore::getReadBytes).sum();
        long written = disks.stream().mapToLong(HWDiskStore::getWriteBytes).sum();
        OptionalLong reads = Known.count(disks.stream().mapToLong(HWDiskStore::getReads).sum());
        OptionalLong writes = Known.count(disks.stream().mapToLong(HWDiskStore::getWrites).sum());
        long operations = reads.orElse(0) + writes.orElse(0);
        Reading before = disk;
        disk = new Reading(nanos, read, written, operations);
        if (before == null) {
            return new DiskCounters(
                    Known.count(read),
                    Known.count(written),
                    reads,
                    writes,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());
        }
        long elapsed = nanos - before.nanos;
        return new DiskCounters(
                Known.count(read),
                Known.count(written),
                reads,
                writes,
                Known.rate(before.in, read, elapsed),
                Known.rate(before.out, written, elapsed),
                Known.rate(before.operations, operations, elapsed));
    }
}
