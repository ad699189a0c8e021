// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
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

/** Shows the registry to clients, and does to it what operators want. Thread-safe. */
@Component(service = Catalogue.class)
public final class CatalogueService implements Catalogue {

    private static final Comparator<CatalogueEntry> BY_NAME =
            Comparator.comparing((CatalogueEntry entry) -> entry.facts().name());

    private final PluginRegistry registry;
    private final OperatorsHand hand;

    /** The catalogue of a registry. */
    @Activate
    public CatalogueService(@Reference PluginRegistry registry) {
        this.registry = registry;
        hand = new OperatorsHand(registry);
    }

    @Override
    public List<CatalogueEntry.PolicyEntry> policies() {
        return Stream.concat(
                        registry.policyShelf().all().stream()
                                .map(plugin ->
                                        Entries.policy(
                                                plugin,
                                                facts(PluginKind.SCHEDULING_POLICY, plugin))),
                        registry.departed().policies(registry.usage(), this::incidents).stream())
                .sorted(BY_NAME)
                .toList();
    }

    @Override
    public List<CatalogueEntry.AllocatorEntry> allocators() {
        return Stream.concat(
                        registry.allocatorShelf().all().stream()
                                .map(plugin ->
                                        Entries.allocator(
                                                plugin, facts(PluginKind.ALLOCATOR, plugin))),
                        registry.departed().allocators(registry.usage(), this::incidents).stream())
                .sorted(BY_NAME)
                .toList();
    }

    @Override
    public List<CatalogueEntry.HandlerEntry> handlers() {
        return Stream.concat(
                        registry.handlerShelf().all().stream()
                                .map(plugin ->
                                        Entries.handler(
                                                plugin, facts(PluginKind.TASK_HANDLER, plugin))),
                        registry.departed().handlers(registry.usage(), this::incidents).stream())
                .sorted(BY_NAME)
                .toList();
    }

    @Override
    public List<Ejection> ejections() {
        return registry.trust().ejections();
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
        return hand.eject(kind, name, domain, reason, actor);
    }

    @Override
    public CompletionStage<CatalogueEntry> reinstate(PluginKind kind, String name, String actor) {
        return hand.reinstate(kind, name, actor)
                .thenApply(done -> {
                    Stream<? extends CatalogueEntry> entries =
                            switch (kind) {
                                case SCHEDULING_POLICY -> policies().stream();
                                case ALLOCATOR -> allocators().stream();
                                case TASK_HANDLER -> handlers().stream();
                            };
                    return entries.filter(entry -> entry.facts().name().equals(name))
                            .map(CatalogueEntry.class::cast)
                            .findFirst()
                            .orElseThrow(() -> OperatorsHand.unknown(kind, name));
                });
    }

    private CatalogueEntry.Facts facts(PluginKind kind, Plugin plugin) {
        Instant until = registry.trust().until(kind, plugin, null);
        return Entries.with(
                Entries.facts(
                        plugin,
                        until == null ? CatalogueState.ACTIVE : CatalogueState.QUARANTINED,
                        until),
                registry.usage().domains(kind, plugin.name()),
                registry.ejections(kind, plugin.name()));
    }

    private List<Ejection> incidents(Quarantine.Name name) {
        return registry.ejections(name.kind(), name.name());
    }
}
