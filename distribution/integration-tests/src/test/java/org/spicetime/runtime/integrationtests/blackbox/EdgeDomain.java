// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A domain with one of everything, made anew after every change. Called by one thread. */
final class EdgeDomain {
    private static final Set<String> OTHERS = Set.of("ethical-scoring", "content-processing");
    private static final String ID = "edges";

    private final GraphQl client;
    private Map<String, String> made = Map.of();

    EdgeDomain(GraphQl client) {
        this.client = client;
    }

    /** What stands for the names that begin with {@code $}. */
    Map<String, String> made() {
        return made;
    }

    /** Takes back all that was accepted, and makes the domain. */
    void renew() {
        remove();
        for (String list : new String[] {"schedulingPolicies", "allocators", "taskHandlers"}) {
            for (JsonNode plugin : client.data("{ " + list + " { name state } }").path(list)) {
                if (plugin.path("state").asText().equals("QUARANTINED")) reinstate(list, plugin);
            }
        }
        client.data(
                "mutation { createDomain(input: { id: \"edges\", config: { memory: { poolSize: 4194304, swapPolicy: CLOCK } } }) { id } }");
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put("domain", ID);
        ids.put("task", task());
        ids.put("failed", task());
        ids.put("suspended", task());
        client.data(
                "mutation($f: ID!, $s: ID!) { cancelTask(taskId: $f) { id } suspendTask(taskId: $s) { id } }",
                Map.of("f", ids.get("failed"), "s", ids.get("suspended")));
        ids.put(
                "schedule",
                client.data(
                                """
                                mutation { createSchedule(input: { name: "edges", period: 3600000, paused: true,
                                  task: { domainId: "edges", type: COMPUTATION } }) { id } }
                                """)
                        .at("/createSchedule/id")
                        .asText());
        made = Map.copyOf(ids);
    }

    private void reinstate(String list, JsonNode plugin) {
        String kind =
                switch (list) {
                    case "schedulingPolicies" -> "SCHEDULING_POLICY";
                    case "allocators" -> "ALLOCATION_STRATEGY";
                    default -> "TASK_HANDLER";
                };
        client.data(
                "mutation($k: PluginKind!, $n: String!) { reinstatePlugin(kind: $k, name: $n) { name } }",
                Map.of("k", kind, "n", plugin.path("name").asText()));
    }

    /** Brings the configuration back to its defaults. */
    void restoreConfiguration() {
        client.data(
                """
                mutation { configureDomain(domainId: "edges", config: { scheduler: null, executor: null,
                  networking: null, tasks: null, memory: null }) { id } }
                """);
    }

    /** Removes every domain that the host did not start with. */
    void remove() {
        for (JsonNode domain : client.data("{ domains { id } }").path("domains")) {
            String id = domain.path("id").asText();
            if (OTHERS.contains(id)) continue;
            client.data(
                    "mutation($id: ID!) { deleteDomain(domainId: $id, force: true) { domainId } }",
                    Map.of("id", id));
        }
    }

    private String task() {
        return client.schedule(
                Map.of("domainId", ID, "type", "COMPUTATION", "runAt", "2099-01-01T00:00:00Z"));
    }
}
