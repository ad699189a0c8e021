// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.AllocatorEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.HandlerEntry;
import org.spicetime.runtime.api.catalogue.CatalogueEntry.PolicyEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.BackupReport;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainListener;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.DomainsListener;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.HostFacts;
import org.spicetime.runtime.api.domain.HostMetrics;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.memory.Concurrency;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.StarvationBound;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.api.task.TaskType;

/** The services behind the engine, in a test's hands. */
final class FakeHost implements Domains, Catalogue {
    private final Map<DomainId, FakeDomain> domains = Collections.synchronizedMap(new TreeMap<>());
    final List<PolicyEntry> policies = new CopyOnWriteArrayList<>();
    final List<Runnable> catalogueWatches = new CopyOnWriteArrayList<>();
    final List<DomainsListener> domainListeners = new CopyOnWriteArrayList<>();
    final List<Consumer<? super RuntimeError>> errorListeners = new CopyOnWriteArrayList<>();
    final List<Consumer<? super SystemHealth>> healthListeners = new CopyOnWriteArrayList<>();
    final List<DomainSpec> created = new ArrayList<>();

    final FakeAlerts alerts = new FakeAlerts();
    volatile @Nullable FakeLogs logs = new FakeLogs();

    /** What was asked of the host, one line each. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    FakeHost() {
        add("ethical-scoring");
        add("content-processing");
        policies.add(policy("EDF", Ordering.STRICT));
        policies.add(policy("FIFO", Ordering.STRICT));
        policies.add(policy("PRIORITY", Ordering.STRICT));
    }

    FakeDomain add(String id) {
        FakeDomain domain = new FakeDomain(id);
        deleted(domains.put(domain.id(), domain));
        domainListeners.forEach(listener -> listener.created(domain));
        return domain;
    }

    FakeDomain domain(String id) {
        return Objects.requireNonNull(domains.get(DomainId.of(id)));
    }

    void remove(String id) {
        deleted(domains.remove(DomainId.of(id)));
        domainListeners.forEach(listener -> listener.deleted(DomainId.of(id)));
    }

    private static void deleted(@Nullable FakeDomain domain) {
        if (domain != null) domain.stateListeners.forEach(DomainListener::deleted);
    }

    static PolicyEntry policy(String name, Ordering ordering) {
        return new PolicyEntry(
                facts(name),
                new PolicyDescriptor(
                        name,
                        "1.0.0",
                        "Policy " + name + ".",
                        ordering,
                        true,
                        name.equals("EDF"),
                        name.equals("FIFO")
                                ? Optional.of(new StarvationBound(2, 3))
                                : Optional.empty(),
                        List.of()),
                false);
    }

    private static CatalogueEntry.Facts facts(String name) {
        return new CatalogueEntry.Facts(
                name,
                "1.0.0",
                "What " + name + " does.",
                "bundle." + name,
                "1.0.0",
                CatalogueState.ACTIVE,
                null,
                "{\"type\":\"object\"}",
                List.of(DomainId.of("ethical-scoring")),
                List.of(
                        new Ejection(
                                new UUID(5, 6),
                                FakeDomain.CREATED,
                                PluginKind.SCHEDULING_POLICY,
                                name,
                                "1.0.0",
                                null,
                                null,
                                null,
                                EjectionReason.EXCEPTION,
                                "it threw",
                                "SAFE_FIFO",
                                Duration.ofNanos(1500),
                                Map.of())));
    }

    @Override
    public List<Ejection> ejections() {
        return policies.stream().flatMap(entry -> entry.facts().ejections().stream()).toList();
    }

    @Override
    public Watch watch(Runnable listener) {
        catalogueWatches.add(listener);
        return () -> catalogueWatches.remove(listener);
    }

    @Override
    public CompletionStage<List<Ejection>> eject(
            PluginKind kind,
            @Nullable String name,
            @Nullable DomainId domain,
            String reason,
            String actor) {
        asked.add("eject " + kind + " " + name + " " + domain + " " + reason + " " + actor);
        return CompletableFuture.completedFuture(policies.getFirst().facts().ejections());
    }

    @Override
    public CompletionStage<CatalogueEntry> reinstate(PluginKind kind, String name, String actor) {
        asked.add("reinstate " + kind + " " + name + " " + actor);
        return CompletableFuture.completedFuture(policies.getFirst());
    }

    @Override
    public List<PolicyEntry> policies() {
        return List.copyOf(policies);
    }

    @Override
    public List<AllocatorEntry> allocators() {
        return List.of(
                new AllocatorEntry(
                        facts("TLSF"),
                        new StrategyDescriptor(
                                "TLSF",
                                "1.0.0",
                                "Two-level segregated fit.",
                                true,
                                16,
                                1L << 40,
                                1L << 40,
                                false,
                                Concurrency.SINGLE,
                                List.of())));
    }

    @Override
    public List<HandlerEntry> handlers() {
        return List.of(
                new HandlerEntry(
                        facts("digest"),
                        Set.of(TaskType.IO, TaskType.COMPUTATION),
                        "{\"type\":\"object\"}"));
    }

    @Override
    public HostRef host() {
        return new HostRef("host", new UUID(1, 2));
    }

    @Override
    public Optional<Domain> find(DomainId id) {
        return Optional.ofNullable(domains.get(id));
    }

    @Override
    public List<Domain> all() {
        return List.copyOf(domains.values());
    }

    @Override
    public Optional<Task> findTask(TaskId id) {
        return domains.values().stream().flatMap(domain -> domain.task(id).stream()).findFirst();
    }

    @Override
    public CompletionStage<Domain> create(DomainSpec spec, ChangedBy who) {
        created.add(spec);
        if (domains.containsKey(spec.id())) {
            return CompletableFuture.failedFuture(
                    RefusedException.conflict("domain \"" + spec.id() + "\" exists already"));
        }
        return CompletableFuture.completedFuture(add(spec.id().value()));
    }

    @Override
    public CompletionStage<Integer> delete(DomainId id, boolean force, ChangedBy who) {
        domains.remove(id);
        return CompletableFuture.completedFuture(3);
    }

    @Override
    public HostFacts hostFacts() {
        return new HostFacts(
                host(),
                "machine",
                "Linux 6.1",
                "amd64",
                Optional.empty(),
                OptionalInt.empty(),
                2,
                1L << 33,
                "Eclipse Adoptium 25",
                "Apache Felix 7",
                42,
                FakeDomain.CREATED);
    }

    @Override
    public HostMetrics hostMetrics() {
        return Samples.hostMetrics(FakeDomain.CREATED);
    }

    @Override
    public TaskPage page(TaskPageRequest request) {
        return domain("ethical-scoring").page(request);
    }

    @Override
    public Watch watch(DomainsListener listener) {
        all().forEach(listener::created);
        return listen(domainListeners, listener);
    }

    @Override
    public Watch watchErrors(Consumer<? super RuntimeError> listener) {
        return listen(errorListeners, listener);
    }

    @Override
    public Watch watchHealth(Consumer<? super SystemHealth> listener) {
        listener.accept(health());
        return listen(healthListeners, listener);
    }

    private static <T> Watch listen(List<T> listeners, T one) {
        listeners.add(one);
        return () -> listeners.remove(one);
    }

    @Override
    public CompletionStage<BackupReport> backupStore(ChangedBy who) {
        asked.add("backup " + who.actor());
        return CompletableFuture.completedFuture(
                new BackupReport(
                        Path.of("/instance/backup/store.db"),
                        4096,
                        "ab".repeat(32),
                        FakeDomain.CREATED,
                        Duration.ofMillis(7)));
    }

    @Override
    public SystemHealth health() {
        return new SystemHealth(
                HealthStatus.HEALTHY,
                FakeDomain.CREATED,
                Duration.ofHours(1),
                "0.1.0",
                domains.size(),
                domains.size(),
                0,
                Samples.unknownUsage(),
                List.of(new HealthComponent("scheduler", HealthStatus.HEALTHY, null, Map.of())),
                null);
    }
}
