// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.util.List;

/** Everything of a host that a refused request could have changed, as text to compare. */
final class HostState {
    private HostState() {}

    static String of(GraphQl client) {
        return of(client, ServedSchema.of(client));
    }

    /** With a schema that was read before, which saves a request. */
    static String of(GraphQl client, ServedSchema schema) {
        String config =
                schema.selection(
                        "RuntimeConfig",
                        (type, field) -> !field.equals("ejection") && !field.endsWith("Info"),
                        List.of("RuntimeConfig"));
        String allocation =
                schema.selection(
                        "ResourceAllocation", (type, field) -> true, List.of("ResourceAllocation"));
        return client.data(
                        (schema.field("Query", "schedules") == null
                                        ? "{ "
                                        : "{ schedules { id name paused revision } ")
                                + "domains { id name description status revision labels metrics { tasksScheduled } config "
                                + config
                                + " allocation "
                                + allocation
                                + " } }")
                .toPrettyString();
    }
}
