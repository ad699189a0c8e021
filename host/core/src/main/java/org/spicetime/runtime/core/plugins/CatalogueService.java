// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.error.RefusedException;

/** Shows the registry to clients. Thread-safe. */
@Component(service = Catalogue.class)
public final class CatalogueService implements Catalogue {

    private final PluginRegistry registry;

    /** The catalogue of a registry. */
    @Activate
    public CatalogueService(@Reference PluginRegistry registry) {
        this.registry = registry;
    }

    @Override
    public List<CatalogueEntry.PolicyEntry> policies() {
        return registry.policyShelf().all().stream()
                .map(plugin ->
                        new CatalogueEntry.PolicyEntry(
                                facts(
                                        PluginKind.SCHEDULING_POLICY,
                                        plugin,
                                        plugin.descriptor().description(),
                                        OptionSchema.text(plugin.descriptor().options())),
                                plugin.descriptor(),
                                plugin.schedulabilityTest().isPresent()))
                .toList();
    }

    @Override
    public List<CatalogueEntry.AllocatorEntry> allocators() {
        return registry.allocatorShelf().all().stream()
                .map(plugin ->
                        new CatalogueEntry.AllocatorEntry(
                                facts(
                                        PluginKind.ALLOCATOR,
                                        plugin,
                                        plugin.descriptor().description(),
                                        OptionSchema.text(plugin.descriptor().options())),
                                plugin.descriptor()))
                .toList();
    }

    @Override
    public List<CatalogueEntry.HandlerEntry> handlers() {
        return registry.handlerShelf().all().stream()
                .map(plugin ->
                        new CatalogueEntry.HandlerEntry(
                                facts(
                                        PluginKind.TASK_HANDLER,
                                        plugin,
                                        plugin.descriptor().description(),
                                        plugin.payloadSchema()),
                                plugin.descriptor().defaultFor(),
                                plugin.resultSchema()))
                .toList();
    }

    @Override
    public List<Ejection> ejections() {
        return registry.ejections();
    }

    @Override
    public Watch watch(Runnable listener) {
        return registry.watch(listener);
    }

    @Override
    public CompletionStage<List<Ejection>> eject(
            PluginKind kind,
            @Nullable String name,
            @Nullable DomainId domain,
            String reason,
            String actor) {
        return CompletableFuture.failedFuture(
                RefusedException.notAvailable("ejectPlugin", String.valueOf(name), List.of()));
    }

    @Override
    public CompletionStage<CatalogueEntry> reinstate(PluginKind kind, String name, String actor) {
        return CompletableFuture.failedFuture(
                RefusedException.notAvailable("reinstatePlugin", name, List.of()));
    }

    private CatalogueEntry.Facts facts(
            PluginKind kind, Plugin plugin, String description, String schema) {
        Instant until = registry.quarantinedUntil(kind, plugin);
        return new CatalogueEntry.Facts(
                plugin.name(),
                plugin.pluginVersion(),
                description,
                plugin.bundle(),
                plugin.version(),
                until == null ? CatalogueState.ACTIVE : CatalogueState.QUARANTINED,
                until,
                schema,
                registry.usage().domains(kind, plugin.name()),
                registry.ejections(kind, plugin.name()));
    }
}
