// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
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
import org.spicetime.runtime.api.domain.BackupReport;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.DomainsListener;
import org.spicetime.runtime.api.domain.HostFacts;
import org.spicetime.runtime.api.domain.HostMetrics;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.hardware.HardwareMetrics;
import org.spicetime.runtime.api.memory.PressureListener;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;
import org.spicetime.runtime.core.alerts.AlertBook;
import org.spicetime.runtime.core.config.ConfigPatcher;
import org.spicetime.runtime.core.config.ConfigTable;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.health.MachineChecks;
import org.spicetime.runtime.core.measure.HostMeasures;
import org.spicetime.runtime.core.memory.MachineMemory;
import org.spicetime.runtime.core.memory.swap.SwapDirectory;
import org.spicetime.runtime.core.plugins.PluginRegistry;
import org.spicetime.runtime.core.plugins.PluginWhiteboard;
import org.spicetime.runtime.core.recovery.InFlight;
import org.spicetime.runtime.core.recovery.InFlightFile;
import org.spicetime.runtime.kernel.shares.ProcessorShares;

/**
 * All domains of this host. At its activation it creates the provisioned ones; they wait a moment
 * for their plugins. Thread-safe; its end stops all domains and joins all threads, in bounded time.
 */
@Component(service = Domains.class, immediate = true)
public final class DomainsService implements Domains, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DomainsService.class);
    private static final ChangedBy FROM_FILE =
            new ChangedBy(ChangedBy.HOST.actor(), ConfigSource.FILE);

    private final Node node;
    private final NodeThreads threads;
    private final PluginRegistry registry;
    private final Watch pluginWatch;
    private final HostMeasures measures;
    private final OptionalServices services = new OptionalServices();
    private final HostedDomains domains;
    private final Membership membership;
    private final HostHealth health;
    private final Provisioning provisioning;
    private final Backups backups;
    private final Retentions retentions;
    private final StoreWatch storeWatch = new StoreWatch();
    private final @Nullable InFlightFile inFlight;

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
            @Reference TaskStore store,
            @Reference AlertBook alerts) {
        this(HostSurroundings.of(context), registry, store, alerts);
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

    DomainsService(
            HostSurroundings around, PluginRegistry registry, TaskStore store, AlertBook alerts) {
        HostClock clock = around.clock();
        long startedNanos = clock.nanos().getAsLong();
        this.registry = registry;
        OpenReport opened =
                store.open(
                        new OpenOptions(around.storeDirectory(), around.host(), clock.instants()));
        tell(opened);
        Deployed deployed = new Deployed(registry, opened.durable());
        inFlight = opened.durable() ? new InFlightFile(around.storeDirectory()) : null;
        ConfigTable table =
                new ConfigTable(
                        around.processors(),
                        opened.durable() ? Durability.DURABLE : Durability.VOLATILE);
        threads = new NodeThreads(clock, around.processors());
        domains = new HostedDomains(threads.timer(), threads.notifier(), store, opened.durable());
        node =
                new Node(
                        around.host(),
                        clock,
                        threads.timer(),
                        threads.notifier(),
                        threads.control(),
                        threads.journal(),
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
                        inFlight == null ? InFlight.NONE : inFlight,
                        alerts,
                        domains,
                        around.timings());
        backups = new Backups(store, around.backupDirectory(), clock.instants(), threads.control());
        DomainFactory factory = new DomainFactory(node, services::processor);
        DomainRecovery recovery = new DomainRecovery(node, factory, inFlight, domains::enter);
        membership = new Membership(node, domains, factory, recovery, registry);
        provisioning =
                new Provisioning(
                        domains::contains,
                        opened.durable() ? new ProvisionedBefore(around.storeDirectory()) : null,
                        spec -> membership.add(spec, true, FROM_FILE));
        measures =
                new HostMeasures(
                        around.identity(),
                        clock.instants(),
                        services.hardware::get,
                        domains::poolsReserved);
        health =
                new HostHealth(
                        node,
                        around.version(),
                        startedNanos,
                        domains,
                        recovery,
                        provisioning,
                        registry,
                        services);
        registry.usage(new PluginUse(domains::all));
        pluginWatch = registry.listen(new PluginEvents(threads.control(), domains::all));
        retentions = new Retentions(store, domains::all);
        threads.sample(around.timings().sampling(), this::sample);
        health.recovered(recovery.restore(opened));
    }

    private static void tell(OpenReport opened) {
        if (!opened.cleanStop()) {
            LOG.warn("the last host on this store did not stop cleanly; what it ran is settled");
        }
        for (OpenReport.Recovery settled : opened.recoveries()) {
            LOG.warn(
                    "domain={} was running tasks: {} retried, {} failed, {} suspended, {} cancelled",
                    settled.domain(),
                    settled.retried(),
                    settled.failed(),
                    settled.suspended(),
                    settled.cancelled());
        }
    }

    private static long memoryBudget() {
        OptionalLong available = new MachineMemory(Path.of("/")).availableBytes();
        return available.orElse(Long.MAX_VALUE);
    }

    /** The machine is measured from now on. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindHardware(HardwareMetrics metrics) {
        services.hardware.set(metrics);
    }

    /** The machine is not measured any more, or by another one. */
    public void unbindHardware(HardwareMetrics metrics) {
        services.hardware.compareAndSet(metrics, null);
    }

    /** The machine is checked from now on. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindMachine(MachineChecks checks) {
        services.machine.set(checks);
    }

    /** The machine is not checked any more. */
    public void unbindMachine(MachineChecks checks) {
        services.machine.compareAndSet(checks, null);
    }

    /** What is wrong with bundles is told from now on. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindBundles(Bundles service) {
        services.bundles.set(service);
    }

    /** Bundles are not looked at any more. */
    public void unbindBundles(Bundles service) {
        services.bundles.compareAndSet(service, null);
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

    /** Creates the domains that files describe. A bad file is reported and skipped. */
    void provision(List<Path> directories) {
        provisioning.read(directories);
    }

    private void sample() {
        measures.take();
        for (HostedDomain domain : domains.all()) {
            try {
                domain.body().checkAnswers();
                domain.takeSample();
            } catch (RefusedException hangs) {
                LOG.debug("domain={} is not measured", domain.id(), hangs);
            }
        }
        storeWatch.look(node.store().health(), domains.all());
        registry.releaseExpired();
        domains.watches().sample(health::report);
    }

    @Override
    public HostRef host() {
        return node.host();
    }

    @Override
    public Optional<Domain> find(DomainId id) {
        return hosted(id).map(HostedDomain::face);
    }

    /** The domain as the host runs it. */
    Optional<HostedDomain> hosted(DomainId id) {
        return domains.hosted(id);
    }

    @Override
    public List<Domain> all() {
        return domains.all().stream().map(HostedDomain::face).toList();
    }

    @Override
    public Optional<Task> findTask(TaskId id) {
        return domains.holderOf(id).flatMap(domain -> domain.pages().task(id));
    }

    @Override
    public CompletionStage<Domain> create(DomainSpec spec, ChangedBy who) {
        return membership.create(spec, who);
    }

    @Override
    public CompletionStage<Integer> delete(DomainId id, boolean force, ChangedBy who) {
        return membership.delete(id, force, who);
    }

    @Override
    public CompletionStage<BackupReport> backupStore(ChangedBy who) {
        return backups.make(who);
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
        return HostPages.page(domains.all(), domains::holderOf, request);
    }

    @Override
    public Watch watch(DomainsListener listener) {
        return domains.watches().memberships(listener);
    }

    @Override
    public Watch watchErrors(Consumer<? super RuntimeError> listener) {
        return domains.watches().errors(listener);
    }

    @Override
    public Watch watchHealth(Consumer<? super SystemHealth> listener) {
        return domains.watches().health(listener, health::report);
    }

    /** What removes finished tasks past their time. */
    Retentions retentions() {
        return retentions;
    }

    @Override
    public SystemHealth health() {
        return health.report();
    }

    /**
     * Stops all domains, waits for them within limits, and ends all threads. Twice does nothing.
     */
    @Override
    @Deactivate
    public void close() {
        if (!membership.end(pluginWatch::close)) {
            return;
        }
        retentions.close();
        threads.close();
        measures.close();
        if (inFlight != null) {
            inFlight.close();
        }
        domains.all().forEach(HostedDomain::keepSamples);
        node.store().close();
    }
}
