// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.error.RefusedException;

/** Makes reservations of ResourceAllocationInput; every refusal names the field. Thread-safe. */
final class AllocationInputs {
    private AllocationInputs() {}

    static ResourceRequest request(Input input) {
        Integer priority = input.integer("priority");
        if (priority == null) throw RefusedException.badInput("resources.priority", "is missing");
        return new ResourceRequest(
                cpu(input.object("cpu")),
                memory(input.object("memory")),
                network(input.object("network")),
                priority);
    }

    private static ResourceRequest.@Nullable Cpu cpu(@Nullable Input input) {
        if (input == null) return null;
        Double cores = input.number("cores");
        if (cores == null || !(cores > 0)) {
            throw RefusedException.outOfRange("resources.cpu.cores", cores, "more than 0");
        }
        return new ResourceRequest.Cpu(cores, input.integer("priority"));
    }

    private static ResourceRequest.@Nullable Memory memory(@Nullable Input input) {
        if (input == null) return null;
        Long size = input.wide("size", "resources.memory.size");
        if (size == null || size < 1) {
            throw RefusedException.outOfRange("resources.memory.size", size, "1 byte or more");
        }
        return new ResourceRequest.Memory(size, input.text("type"));
    }

    private static ResourceRequest.@Nullable Network network(@Nullable Input input) {
        if (input == null) return null;
        Double bandwidth = input.number("bandwidth");
        if (bandwidth != null && !(bandwidth >= 0)) {
            throw RefusedException.outOfRange(
                    "resources.network.bandwidth", bandwidth, "0 or more bytes per second");
        }
        Integer connections = input.integer("connections");
        if (connections != null && connections < 1) {
            throw RefusedException.outOfRange(
                    "resources.network.connections", connections, "1 or more");
        }
        return new ResourceRequest.Network(bandwidth, connections);
    }
}
