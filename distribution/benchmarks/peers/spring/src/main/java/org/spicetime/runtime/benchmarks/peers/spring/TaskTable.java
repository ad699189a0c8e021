// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers.spring;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The domain and its tasks as maps, as the other peers have them. Thread-safe. */
final class TaskTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Object> domain;
    private final List<String> order = new ArrayList<>();
    private final Map<String, Map<String, Object>> tasks = new ConcurrentHashMap<>();
    private final Map<String, List<FluxSink<Map<String, Object>>>> watchers =
            new ConcurrentHashMap<>();

    TaskTable(Path answers) {
        domain = map(data(answers, "fields"));
        for (JsonNode task : data(answers, "tasks")) {
            order.add(task.path("id").asString());
            tasks.put(order.getLast(), map(task));
        }
    }

    private static JsonNode data(Path answers, String file) {
        return JSON.readTree(answers.resolve(file).toFile()).path("data").iterator().next();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, Map.class);
    }

    Map<String, Object> domain() {
        return domain;
    }

    List<Map<String, Object>> all() {
        return order.stream().map(tasks::get).toList();
    }

    Map<String, Object> change(String id, int priority) {
        Map<String, Object> changed =
                tasks.computeIfPresent(
                        id,
                        (_, task) -> {
                            Map<String, Object> copy = new LinkedHashMap<>(task);
                            copy.put("priority", priority);
                            return copy;
                        });
        if (changed == null) throw new IllegalArgumentException("there is no task " + id);
        for (var watcher : watchers.getOrDefault(id, List.of())) watcher.next(changed);
        return changed;
    }

    /** The task at once, then at every change. */
    Flux<Map<String, Object>> watch(String id) {
        return Flux.create(
                sink -> {
                    List<FluxSink<Map<String, Object>>> mine =
                            watchers.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>());
                    mine.add(sink);
                    sink.onDispose(() -> mine.remove(sink));
                    sink.next(Objects.requireNonNull(tasks.get(id)));
                });
    }
}
