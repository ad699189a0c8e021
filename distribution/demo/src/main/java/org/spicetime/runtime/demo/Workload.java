// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same tasks for every domain: work of all four types whose deadlines and priorities disagree
 * on purpose, so that the order of dispatch shows which policy was at work; besides them one task
 * that is cancelled, one that fails, one that depends on the failing one, one that is late, and one
 * that gathers results of others. Immutable.
 *
 * @param domain id of the domain
 * @param run label that tells the tasks of this run
 * @param minPriority smallest priority of the domain
 * @param maxPriority largest priority of the domain
 */
record Workload(String domain, String run, int minPriority, int maxPriority, URI server) {

    /** Tasks whose order of dispatch is compared with their deadlines and priorities. */
    static final int ORDERED = 140;

    static final String CANCELLED = "to be cancelled";
    static final String FAILING = "outside of the roots";
    static final String ORPHAN = "after the failing one";
    static final String LATE = "late on purpose";
    static final String GATHER = "gathers five results";

    private static final int STRIDE = 37; // prime to ORDERED: a permutation unlike the identity
    private static final long DEADLINE_STEP_MILLIS = 25;
    private static final List<String> FOLDERS =
            List.of("bin", "etc", "lib", "bundles/01", "bundles/05");

    /** Inputs of {@code scheduleTasks}, in the order in which they are to be sent. */
    List<Map<String, Object>> inputs(Instant now) {
        List<Map<String, Object>> inputs = new ArrayList<>();
        for (int i = 0; i < ORDERED; i++) inputs.add(ordered(i, now));
        Map<String, Object> cancelled = task(CANCELLED, "COMPUTATION", maxPriority);
        cancelled.put("payload", Map.of("text", "endless", "rounds", 1_000_000_000));
        cancelled.put("deadline", now.plusMillis(1000).toString());
        inputs.add(cancelled);
        Map<String, Object> failing = task(FAILING, "IO", minPriority);
        failing.put("payload", Map.of("path", "/proc/self/environ"));
        int failingIndex = inputs.size();
        inputs.add(failing);
        Map<String, Object> orphan = task(ORPHAN, "COMPUTATION", minPriority);
        orphan.put("dependencies", List.of(Map.of("taskId", "#" + failingIndex)));
        inputs.add(orphan);
        Map<String, Object> late = task(LATE, "COMPUTATION", minPriority);
        late.put("relativeDeadline", 1);
        inputs.add(late);
        Map<String, Object> gather = task(GATHER, "COMPUTATION", minPriority);
        gather.put(
                "dependencies",
                java.util.stream.IntStream.range(0, 5)
                        .mapToObj(i -> Map.<String, Object>of("taskId", "#" + i, "type", "DATA"))
                        .toList());
        inputs.add(gather);
        return inputs;
    }

    private Map<String, Object> ordered(int index, Instant now) {
        int rank = index * STRIDE % ORDERED;
        int levels = maxPriority - minPriority + 1;
        int priority = maxPriority - rank * levels / ORDERED;
        String type =
                switch (index % 20) {
                    case 3, 7, 11, 15 -> "IO";
                    case 5, 9, 13, 17 -> "NETWORK";
                    case 19 -> "MAINTENANCE";
                    default -> "COMPUTATION";
                };
        Map<String, Object> task =
                task(type.toLowerCase(java.util.Locale.ROOT) + " " + index, type, priority);
        task.put("deadline", now.plusMillis(2000 + index * DEADLINE_STEP_MILLIS).toString());
        switch (type) {
            case "COMPUTATION" ->
                    task.put("payload", Map.of("text", "task " + index, "rounds", 20_000));
            case "IO" -> task.put("payload", Map.of("path", FOLDERS.get(index % FOLDERS.size())));
            case "NETWORK" ->
                    task.put("payload", Map.of("url", server.resolve("/" + index).toString()));
            default -> {
                // MAINTENANCE: only its type, the handler's defaults are what is wanted
            }
        }
        return task;
    }

    private Map<String, Object> task(String name, String type, int priority) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("domainId", domain);
        task.put("type", type);
        task.put("name", name);
        task.put("priority", priority);
        task.put("labels", Map.of("run", run));
        return task;
    }
}
