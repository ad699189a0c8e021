// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.memory.MemoryMap;
import org.spicetime.runtime.api.task.Task;

/** How the pool of a domain is laid out, and what is moved out of it. */
final class MemoryFields {
    private MemoryFields() {}

    static List<Fields<?>> all(Services services) {
        return List.of(map(), zone(), owner(services), pin());
    }

    private static Fields<MemoryMap> map() {
        return Fields.of("MemoryMap", MemoryMap.class)
                .leaf("timestamp", MemoryMap::timestamp)
                .objects("zones", (map, call) -> map.zones())
                .objects(
                        "topOwners",
                        (map, call) ->
                                map.owners().stream()
                                        .limit(DomainFields.first(call, MemoryMap.MOST_OWNERS))
                                        .toList())
                .objects("overduePins", (map, call) -> map.overduePins());
    }

    private static Fields<MemoryMap.Zone> zone() {
        return Fields.of("MemoryZone", MemoryMap.Zone.class)
                .leaf("index", MemoryMap.Zone::index)
                .leaf("size", MemoryMap.Zone::sizeBytes)
                .leaf("used", MemoryMap.Zone::usedBytes)
                .leaf("blocks", MemoryMap.Zone::blocks)
                .leaf("largestFree", MemoryMap.Zone::largestFreeBytes)
                .leaf("allocator", MemoryMap.Zone::allocator)
                .leaf("draining", MemoryMap.Zone::draining);
    }

    private static Fields<MemoryMap.Owner> owner(Services services) {
        return Fields.of("MemoryOwner", MemoryMap.Owner.class)
                .objects("task", (owner, call) -> task(services, owner))
                .leaf("bytes", MemoryMap.Owner::bytes)
                .leaf("blocks", owner -> Numbers.saturated(owner.blocks()));
    }

    private static @Nullable Task task(Services services, MemoryMap.Owner owner) {
        return owner.task() == null ? null : services.domains().findTask(owner.task()).orElse(null);
    }

    private static Fields<MemoryMap.OverduePin> pin() {
        return Fields.of("MemoryPin", MemoryMap.OverduePin.class)
                .leaf("taskId", pin -> pin.task().toString())
                .leaf("size", MemoryMap.OverduePin::sizeBytes)
                .leaf("since", MemoryMap.OverduePin::since);
    }

    /** The field {@code memoryMap} of a domain. */
    static MemoryMap of(DomainView view) {
        return view.domain().memoryMap(MemoryMap.MOST_OWNERS);
    }

    /** The mutation {@code swapOut}. */
    static RootFields.Change swapOut(Function<Call, Domain> domains) {
        return call -> {
            Long bytes = call.wide("bytes");
            return domains.apply(call)
                    .swapOut(bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes));
        };
    }
}
