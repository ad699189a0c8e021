// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.DomainsListener;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.HostFacts;
import org.spicetime.runtime.api.domain.HostMetrics;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.hardware.HardwareMetrics;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.api.memory.PressureListener;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.core.config.ConfigPatcher;
import org.spicetime.runtime.core.config.ConfigTable;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.health.HealthReport;
import org.spicetime.runtime.core.health.MachineChecks;
import org.spicetime.runtime.core.measure.HostMeasures;
import org.spicetime.runtime.core.memory.MachineMemory;
import org.spicetime.runtime.core.memory.swap.SwapDirectory;
import org.spicetime.runtime.core.plugins.PluginRegistry;
import org.spicetime.runtime.core.plugins.PluginWhiteboard;
import org.spicetime.runtime.kernel.shares.ProcessorShares;

/**
 * All domains of this host. At its activation it creates the provisioned ones; they wait a moment
 * for their plugins. Thread-safe; its end stops all domains and joins all threads, in bounded time.
 */
@Component(service = Domains.class, immediate = true)
public final class DomainsService implements Domains, AutoCloseable, Node.Siblings {

    private static final Logger LOG = LoggerFactory.getLogger(DomainsService.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);
    private static final ChangedBy FROM_FILE =
            new ChangedBy(ChangedBy.HOST.actor(), ConfigSource.FILE);

    private final HostClock clock;
    private final long startedNanos;
    private final String version;
    private final Node node;
    private final NodeThreads threads;
    private final PluginRegistry registry;
    private final Watch pluginWatch;
    private final DomainFactory factory;
    private final HostMeasures measures;
    private final Map<DomainId, HostedDomain> domains = new ConcurrentSkipListMap<>();
    private final Provisioning provisioning = new Provisioning(spec -> add(spec, true, FROM_FILE));
    private final HostWatches watches;

    /* One creation, deletion or end of the host at a time. */
    private final ReentrantLock membership = new ReentrantLock();
    private volatile boolean closed;
    private volatile @Nullable HardwareMetrics hardware;
    private volatile @Nullable Bundles bundles;
    private volatile @Nullable MachineChecks machine;

    /**
     * Starts the host's domains inside a framework.
     *
     * @param whiteboard has brought in the plugins that are there already
     */
    @Activate
    public DomainsService(
            BundleContext context,
            @Reference PluginRegistry registry,
            @Reference PluginWhiteboard whiteboard,
            @Reference TaskStore store) {
        this(HostSurroundings.of(context), registry, store);
        context.addBundleListener(
                (SynchronousBundleListener)
                        event -> {
                            // The framework stops plugins before this bundle; stop their users
                            // first.
                            if (event.getType() == BundleEvent.STOPPING
                                    && event.getBundle().getBundleId() == 0) {
                                close();
                            }
                        });
        provision(HostSurroundings.directories(context));
    }

    DomainsService(HostSurroundings around, PluginRegistry registry, TaskStore store) {
        clock = around.clock();
        startedNanos = clock.nanos().getAsLong();
        version = around.version();
        this.registry = registry;
        OpenReport opened =
                store.open(
                        new OpenOptions(around.storeDirectory(), around.host(), clock.instants()));
        Deployed deployed = new Deployed(registry, opened.durable());
        ConfigTable table = new ConfigTable(around.processors());
        threads = new NodeThreads(clock, around.processors());
        watches = new HostWatches(threads.notifier(), domains);
        node =
                new Node(
                        around.host(),
                        clock,
                        threads.timer(),
                        threads.notifier(),
                        threads.control(),
                        threads.watchdog(),
                        threads.slots(),
                        threads.shares(),
                        threads.collector(),
                        threads.relief(),
                        deployed,
                        store,
                        opened.durable(),
                        table,
                        new ConfigPatcher(table, deployed),
                        new HostBudget(
                                around.processors() * ProcessorShares.MOST_GUARANTEED,
                                memoryBudget()),
                        new TaskIds(),
                        SwapDirectory.of(around.instance().resolve("swap")),
                        this,
                        around.timings());
        factory = new DomainFactory(node, this::processor);
        measures =
                new HostMeasures(
                        around.identity(), clock.instants(), () -> hardware, this::poolsReserved);
        registry.usage(new PluginUse(domains::values));
        pluginWatch = registry.listen(new PluginEvents(threads.control(), domains::values));
        threads.sample(around.timings().sampling(), this::sample);
    }

    private static long memoryBudget() {
        OptionalLong available = new MachineMemory(Path.of("/")).availableBytes();
        return available.orElse(Long.MAX_VALUE);
    }

    /** The machine is measured from now on. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindHardware(HardwareMetrics metrics) {
        hardware = metrics;
    }

    /** The machine is not measured any more, or by another one. */
    public void unbindHardware(HardwareMetrics metrics) {
        if (metrics.equals(hardware)) {
            hardware = null;
        }
    }

    /** The machine is checked from now on. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindMachine(MachineChecks checks) {
        machine = checks;
    }

    /** The machine is not checked any more. */
    public void unbindMachine(MachineChecks checks) {
        if (checks.equals(machine)) {
            machine = null;
        }
    }

    /** What is wrong with bundles is told from now on. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindBundles(Bundles service) {
        bundles = service;
    }

    /** Bundles are not looked at any more. */
    public void unbindBundles(Bundles service) {
        if (service.equals(bundles)) {
            bundles = null;
        }
    }

    /** One more is told of pressure. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void bindPressureListener(PressureListener listener) {
        threads.listeners().add(listener);
    }

    /** It is told no more. */
    public void unbindPressureListener(PressureListener listener) {
        threads.listeners().remove(listener);
    }

    private ProcessorSample processor() {
        HardwareMetrics present = hardware;
        return present == null ? ProcessorSample.UNKNOWN : present.sample().processor();
    }

    /** Creates the domains that files describe. A bad file is reported and skipped. */
    void provision(List<Path> directories) {
        provisioning.read(directories);
    }

    private HostedDomain add(DomainSpec spec, boolean pluginsLater, ChangedBy who) {
        membership.lock();
        try {
            if (closed) {
                throw new RefusedException(
                        RequestErrorCode.SHUTTING_DOWN, "the host stops", Map.of());
            }
            if (domains.containsKey(spec.id())) {
                throw RefusedException.conflict(
                        "domain \"" + spec.id() + "\" exists already; choose another id");
            }
            HostedDomain domain = factory.create(spec, pluginsLater, who);
            watches.add(domain);
            threads.timer().register(domain);
            return domain;
        } finally {
            membership.unlock();
        }
    }

    private long poolsReserved() {
        return domains.values().stream()
                .map(domain -> domain.body().holdings())
                .filter(Objects::nonNull)
                .mapToLong(held -> held.pool().poolBytes())
                .sum();
    }

    private void sample() {
        measures.take();
        for (HostedDomain domain : domains.values()) {
            try {
                domain.body().checkAnswers();
                domain.takeSample();
            } catch (RefusedException hangs) {
                LOG.debug("domain={} is not measured", domain.id(), hangs);
            }
        }
        registry.releaseExpired();
        watches.sample(this::health);
    }

    @Override
    public HostRef host() {
        return node.host();
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
    public Optional<HostedDomain> hosted(DomainId id) {
        return Optional.ofNullable(domains.get(id));
    }

    @Override
    public long unbackedBytes(DomainId except) {
        return domains.values().stream()
                .filter(domain -> !domain.id().equals(except))
                .mapToLong(domain -> domain.body().unbackedBytes())
                .sum();
    }

    @Override
    public Optional<HostedDomain> ownerOf(TaskId task) {
        return domains.values().stream()
                .filter(domain -> domain.body().tasks.knows(task))
                .findFirst();
    }

    @Override
    public Optional<Task> findTask(TaskId id) {
        return ownerOf(id).flatMap(domain -> domain.task(id));
    }

    @Override
    public CompletionStage<Domain> create(DomainSpec spec, ChangedBy who) {
        HostedDomain domain;
        try {
            domain = add(spec, false, who);
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        if (!spec.start()) {
            return CompletableFuture.completedFuture(domain);
        }
        // A domain that cannot start was not created: nothing is left of it.
        return domain.start()
                .whenComplete((state, failure) -> {
                    if (failure != null) {
                        forget(domain);
                    }
                })
                .thenApply(state -> domain);
    }

    @Override
    public CompletionStage<Integer> delete(DomainId id, boolean force, ChangedBy who) {
        membership.lock();
        try {
            HostedDomain domain = domains.get(id);
            if (domain == null) {
                return CompletableFuture.failedFuture(RefusedException.notFound("domain", id));
            }
            int[] cancelled = new int[1];
            return domain.run()
                    .end(force, cancelled)
                    .thenApply(state -> {
                        domain.body()
                                .journal
                                .write(
                                        List.of(
                                                new DomainEvent.DomainDeleted(
                                                        clock.instants().instant(), who.actor())));
                        forget(domain);
                        return cancelled[0];
                    });
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        } finally {
            membership.unlock();
        }
    }

    private void forget(HostedDomain domain) {
        if (watches.remove(domain)) {
            threads.timer().unregister(domain);
            registry.usageChanged();
            node.budget().set(domain.id(), 0, 0);
            domain.forget();
            LOG.info("domain={} is deleted", domain.id());
        }
    }

    @Override
    public HostFacts hostFacts() {
        return measures.facts();
    }

    @Override
    public HostMetrics hostMetrics() {
        return measures.metrics();
    }

    @Override
    public TaskPage page(TaskPageRequest request) {
        return HostPages.page(domains.values(), this::ownerOf, request);
    }

    @Override
    public Watch watch(DomainsListener listener) {
        return watches.memberships(listener);
    }

    @Override
    public Watch watchErrors(Consumer<? super RuntimeError> listener) {
        return watches.errors(listener);
    }

    @Override
    public Watch watchHealth(Consumer<? super SystemHealth> listener) {
        return watches.health(listener, this::health);
    }

    @Override
    public SystemHealth health() {
        HealthReport report = new HealthReport();
        for (HostedDomain domain : domains.values()) {
            try {
                domain.body().checkAnswers();
                report.domain(domain);
            } catch (RefusedException hangs) {
                report.problem(
                        "domain:" + domain.id(),
                        HealthStatus.UNHEALTHY,
                        String.valueOf(hangs.getMessage()));
            }
        }
        String forgetful = registry.fileProblem();
        if (forgetful != null) {
            report.problem("quarantine", HealthStatus.DEGRADED, forgetful);
        }
        report.scheduler();
        report.store(node.store().health());
        report.hardware(hardware);
        report.nativeAccess();
        provisioning
                .problems()
                .forEach((file, sentence) ->
                        report.problem("file:" + file, HealthStatus.DEGRADED, sentence));
        Bundles present = bundles;
        if (present != null) {
            report.bundles(present);
        }
        MachineChecks checks = machine;
        if (checks != null) {
            checks.addTo(report);
        }
        return report.report(
                clock.instants().instant(),
                Duration.ofNanos(clock.nanos().getAsLong() - startedNanos),
                version,
                processor());
    }

    /**
     * Stops all domains, waits for them within limits, and ends all threads. Twice does nothing.
     */
    @Override
    @Deactivate
    public void close() {
        List<CompletableFuture<?>> stopping = new ArrayList<>();
        membership.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            pluginWatch.close();
            for (HostedDomain domain : domains.values()) {
                stopping.add(domain.stop(false).toCompletableFuture());
            }
        } finally {
            membership.unlock();
        }
        try {
            CompletableFuture.allOf(stopping.toArray(CompletableFuture[]::new))
                    .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn("not all domains stopped within {}", STOP_LIMIT);
        } catch (ExecutionException refused) {
            LOG.warn("a domain did not stop as it should", refused.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.close();
        measures.close();
        node.store().close();
    }
}
