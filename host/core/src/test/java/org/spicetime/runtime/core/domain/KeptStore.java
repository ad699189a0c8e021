// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.StoredConfig;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.store.memory.MemoryTaskStore;

/**
 * A store in memory that outlives its hosts: to each of them it is durable, and closing it does
 * nothing. Thread-safe.
 */
final class KeptStore {

    private final MemoryTaskStore memory = new MemoryTaskStore();
    private final Set<DomainId> spoilt = ConcurrentHashMap.newKeySet();

    /** The instance directory of the hosts. */
    final Path instance;

    KeptStore(Path instance) {
        this.instance = instance;
        memory.open(
                new OpenOptions(
                        instance, new HostRef("kept", UUID.randomUUID()), InstantSource.system()));
    }

    /** From the next start on, nobody can read the configuration of this domain. */
    void spoilConfiguration(DomainId domain) {
        spoilt.add(domain);
    }

    /** A task as it is stored. */
    Task load(TaskId task) {
        return memory.load(task).orElseThrow().task();
    }

    /** The store as a host gets it. */
    TaskStore forHost() {
        return (TaskStore)
                Proxy.newProxyInstance(
                        TaskStore.class.getClassLoader(),
                        new Class<?>[] {TaskStore.class},
                        (proxy, method, arguments) -> {
                            try {
                                return switch (method.getName()) {
                                    case "open" ->
                                            new OpenReport(
                                                    "kept", 1, true, false, false, List.of());
                                    case "close" -> null;
                                    case "domains" -> domains();
                                    default -> method.invoke(memory, arguments);
                                };
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        });
    }

    private List<DomainRecord> domains() {
        return memory.domains().stream()
                .map(record -> spoilt.contains(record.id()) ? spoil(record) : record)
                .toList();
    }

    private static DomainRecord spoil(DomainRecord record) {
        return new DomainRecord(
                record.id(),
                record.incarnation(),
                record.name(),
                record.description(),
                record.labels(),
                record.intended(),
                new StoredConfig("{\"scheduler\":{\"gone\":1}}", 1, record.config().revision()),
                record.grants(),
                record.createdAt(),
                record.updatedAt());
    }
}
