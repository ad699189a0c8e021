// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * Takes plugins out of service and back because an operator wants it. What waits for domains or the
 * disk happens on a thread of its own. Thread-safe.
 */
final class OperatorsHand {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorsHand.class);
    private static final int LONGEST_REASON = 256;

    private final PluginRegistry registry;

    OperatorsHand(PluginRegistry registry) {
        this.registry = registry;
    }

    CompletableFuture<List<Ejection>> eject(
            PluginKind kind,
            @Nullable String name,
            @Nullable DomainId domain,
            String reason,
            String actor) {
        List<Plugin> plugins;
        try {
            if (reason.isBlank() || reason.length() > LONGEST_REASON) {
                throw RefusedException.badInput(
                        "reason",
                        "must be 1 to %d characters long, was %d"
                                .formatted(LONGEST_REASON, reason.length()));
            }
            if (domain != null && kind == PluginKind.TASK_HANDLER) {
                throw RefusedException.badInput(
                        "domainId", "must be left out: a handler is ejected in all domains");
            }
            if (domain != null && !registry.usage().exists(domain)) {
                throw RefusedException.notFound("domain", domain);
            }
            plugins = plugins(kind, name);
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        return remembered(() -> {
            List<Ejection> ejections = new ArrayList<>();
            for (Plugin plugin : plugins) {
                ejections.addAll(eject(kind, plugin, domain, reason, actor));
            }
            return ejections;
        });
    }

    /**
     * Done on a thread of its own, answered when it is on disk: calls of plugins may hold it up.
     */
    private <T> CompletableFuture<T> remembered(Supplier<T> change) {
        return CompletableFuture.supplyAsync(
                        change, Thread.ofVirtual().name("plugin-operator")::start)
                .thenApply(done -> {
                    registry.trust().remember().join();
                    return done;
                });
    }

    private List<Plugin> plugins(PluginKind kind, @Nullable String name) {
        if (name == null) {
            return registry.shelf(kind).all().stream()
                    .filter(plugin -> plugin.origin() != null)
                    .map(Plugin.class::cast)
                    .toList();
        }
        Plugin plugin = registry.shelf(kind).inCharge(name);
        if (plugin == null) {
            throw unknown(kind, name);
        }
        if (plugin.origin() == null) {
            throw RefusedException.badInput(
                    "name", name + " is built into the host and cannot be ejected");
        }
        return List.of(plugin);
    }

    /** First nobody may choose it any more, then those that have it lose it. */
    private List<Ejection> eject(
            PluginKind kind,
            Plugin plugin,
            @Nullable DomainId domain,
            String reason,
            String actor) {
        LOG.info("{} ejects {} {}: {}", actor, kind, plugin.name(), reason);
        registry.trust().sentence(kind, plugin, domain);
        String message = "%s ejected it: %s".formatted(actor, reason);
        List<Ejection> ejections = registry.usage().eject(kind, plugin.name(), domain, message);
        if (!ejections.isEmpty()) {
            return ejections;
        }
        Ejection unused =
                new Ejection(
                        UUID.randomUUID(),
                        registry.trust().now(),
                        kind,
                        plugin.name(),
                        plugin.pluginVersion(),
                        plugin.bundle(),
                        plugin.version(),
                        domain,
                        EjectionReason.OPERATOR,
                        message,
                        null,
                        Duration.ZERO,
                        Map.of());
        registry.eject(kind, plugin.name(), unused);
        return List.of(unused);
    }

    CompletableFuture<Void> reinstate(PluginKind kind, String name, String actor) {
        if (registry.shelf(kind).inCharge(name) == null && !registry.departed().knows(kind, name)) {
            return CompletableFuture.failedFuture(unknown(kind, name));
        }
        return remembered(
                        () -> {
                            LOG.info("{} reinstates {} {}", actor, kind, name);
                            registry.reinstate(kind, name);
                            return name;
                        })
                .thenRun(() -> {});
    }

    static RefusedException unknown(PluginKind kind, String name) {
        return RefusedException.notFound(
                switch (kind) {
                    case SCHEDULING_POLICY -> "policy";
                    case ALLOCATOR -> "allocator";
                    case TASK_HANDLER -> "handler";
                },
                name);
    }
}
