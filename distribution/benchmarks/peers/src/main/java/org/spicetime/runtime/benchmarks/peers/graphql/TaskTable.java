// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Tasks as maps, and who looks at them. Thread-safe. */
final class TaskTable {
    private final List<String> order = new ArrayList<>();
    private final Map<String, Map<String, Object>> tasks = new ConcurrentHashMap<>();
    private final Map<String, List<Watcher>> watchers = new ConcurrentHashMap<>();

    @SuppressWarnings("unchecked")
    TaskTable(JsonNode given) {
        for (JsonNode task : given) {
            order.add(task.path("id").asText());
            tasks.put(order.getLast(), new ObjectMapper().convertValue(task, Map.class));
        }
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
        for (Watcher watcher : watchers.getOrDefault(id, List.of())) watcher.tell(changed);
        return changed;
    }

    /** The task at once, then at every change; whoever reads asks for all there will be. */
    Publisher<Map<String, Object>> watch(String id) {
        return subscriber -> subscriber.onSubscribe(new Watcher(id, subscriber));
    }

    private final class Watcher implements Subscription {
        private final String id;
        private final Subscriber<? super Map<String, Object>> subscriber;
        private boolean began;

        Watcher(String id, Subscriber<? super Map<String, Object>> subscriber) {
            this.id = id;
            this.subscriber = subscriber;
        }

        synchronized void tell(Map<String, Object> task) {
            subscriber.onNext(task);
        }

        @Override
        public synchronized void request(long count) {
            if (began) return;
            began = true;
            watchers.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>()).add(this);
            tell(Objects.requireNonNull(tasks.get(id)));
        }

        @Override
        public void cancel() {
            watchers.getOrDefault(id, List.of()).remove(this);
        }
    }
}
