// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.task.TaskType;

/**
 * Every plugin that is deployed now, the built-in fallbacks included. A plugin is offered under the
 * name it gives itself unless it is quarantined. What a plugin says of itself is read once, under
 * guard; one that throws, hangs or answers nonsense is refused and shown in {@link #problems()},
 * and nothing else is disturbed. Thread-safe.
 */
@Component(service = PluginRegistry.class)
public final class PluginRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(PluginRegistry.class);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);

    private final PluginReader reader;
    private final Trust trust;
    private final Shelf<PolicyPlugin> policies;
    private final Shelf<AllocatorPlugin> allocators;
    private final Shelf<HandlerPlugin> handlers;
    private final List<PluginListener> listeners = new CopyOnWriteArrayList<>();
    private final CatalogueSignal signal = new CatalogueSignal();
    private final Refusals refusals = new Refusals();
    private final Departed departed = new Departed();
    private volatile PluginUsage usage = PluginUsage.NONE;

    /** A registry by the clock of the machine that remembers nothing of a former run. */
    public PluginRegistry() {
        this(InstantSource.system(), CALL_LIMIT);
    }

    /** A registry by the clock of the machine that remembers in the instance directory. */
    @Activate
    public PluginRegistry(BundleContext context) {
        this(
                InstantSource.system(),
                CALL_LIMIT,
                quarantineFile(context.getProperty("spicetime.instance")));
    }

    private static @Nullable Path quarantineFile(@Nullable String instance) {
        return instance == null ? null : Path.of(instance, "store", "quarantine.json");
    }

    /**
     * A registry for other surroundings.
     *
     * @param clock by which quarantines end
     * @param callLimit how long a plugin may take to describe itself or to make an instance
     */
    public PluginRegistry(InstantSource clock, Duration callLimit) {
        this(clock, callLimit, null);
    }

    /**
     * A registry for other surroundings.
     *
     * @param clock by which quarantines end
     * @param callLimit how long a plugin may take to describe itself or to make an instance
     * @param file where quarantines and incidents outlive the host; null: nowhere
     */
    public PluginRegistry(InstantSource clock, Duration callLimit, @Nullable Path file) {
        trust = new Trust(clock, file, signal::changed);
        reader = new PluginReader(new PluginGuard(callLimit));
        policies = new Shelf<>(PluginKind.SCHEDULING_POLICY, reader.safeFifo());
        allocators = new Shelf<>(PluginKind.ALLOCATOR, reader.firstFit());
        handlers = new Shelf<>(PluginKind.TASK_HANDLER, null);
    }

    /** Writes what is still to be written. */
    @Deactivate
    public void close() {
        trust.close();
    }

    /** The policy of this name, if it can be chosen now. */
    public Optional<PolicyPlugin> policy(String name) {
        return offered(policies, name);
    }

    /** The allocation strategy of this name, if it can be chosen now. */
    public Optional<AllocatorPlugin> allocator(String name) {
        return offered(allocators, name);
    }

    /** The policy of this name, if it can be chosen now for this domain. */
    public Optional<PolicyPlugin> policy(String name, DomainId domain) {
        return policy(name).filter(plugin -> trust.until(policies.kind(), plugin, domain) == null);
    }

    /** The allocation strategy of this name, if it can be chosen now for this domain. */
    public Optional<AllocatorPlugin> allocator(String name, DomainId domain) {
        return allocator(name)
                .filter(plugin -> trust.until(allocators.kind(), plugin, domain) == null);
    }

    /** The handler of this name, if it can be chosen now. */
    public Optional<HandlerPlugin> handler(String name) {
        return offered(handlers, name);
    }

    /**
     * The handler of tasks of this type that name none. Of several the one whose service has the
     * higher ranking, then the older one.
     */
    public Optional<HandlerPlugin> defaultHandler(TaskType type) {
        return handlers.preferred().stream()
                .filter(handler -> handler.descriptor().defaultFor().contains(type))
                .filter(handler -> !isAway(handlers, handler))
                .findFirst();
    }

    /** Whether this very plugin is deployed and in charge of its name, quarantined or not. */
    public boolean isPresent(PluginKind kind, Plugin plugin) {
        return plugin.equals(shelf(kind).inCharge(plugin.name()));
    }

    /** Policies that can be chosen now, in order, the built-in one included. */
    public List<String> policyNames() {
        return names(policies);
    }

    /** Allocation strategies that can be chosen now, in order, the built-in one included. */
    public List<String> allocatorNames() {
        return names(allocators);
    }

    /** Handlers that can be chosen now, in order. */
    public List<String> handlerNames() {
        return names(handlers);
    }

    /** Tells the listener of everything from now on; what is there already is not told. */
    public Watch listen(PluginListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Tells that anything the catalogue shows changed. */
    Watch watch(Runnable listener) {
        return signal.watch(listener);
    }

    /** What the catalogue shows of the plugins changed for a reason the registry cannot see. */
    public void usageChanged() {
        signal.changed();
    }

    /** Sets who knows which domains use what; the catalogue shows it. */
    public void usage(PluginUsage source) {
        usage = source;
    }

    PluginUsage usage() {
        return usage;
    }

    /** Adds a policy; false: it was refused. */
    public boolean addPolicy(SchedulingPolicyFactory factory, PluginOrigin origin) {
        return add(policies, factory, origin, () -> reader.policy(factory, origin));
    }

    /** Adds an allocation strategy; false: it was refused. */
    public boolean addAllocator(AllocationStrategyFactory factory, PluginOrigin origin) {
        return add(allocators, factory, origin, () -> reader.allocator(factory, origin));
    }

    /** Adds a handler; false: it was refused. */
    public boolean addHandler(TaskHandler<?, ?> handler, PluginOrigin origin) {
        return add(handlers, handler, origin, () -> reader.handler(handler, origin));
    }

    /** Removes what was added, accepted or not; unknown objects are ignored. */
    public void remove(Object service) {
        refusals.remove(service);
        for (Shelf<?> shelf : List.of(policies, allocators, handlers)) {
            Shelf.Change change = shelf.remove(service);
            if (change != null) {
                tell(change);
            }
        }
    }

    private <T extends Plugin> boolean add(
            Shelf<T> shelf, Object service, PluginOrigin origin, PluginReader.Reading<T> reading) {
        T plugin;
        try {
            plugin = reading.read();
        } catch (PluginFailure failure) {
            refusals.add(
                    shelf.kind(), null, service, origin, failure.sentence(), failure.getCause());
            return false;
        }
        String name = plugin.name();
        if (shelf.isBuiltIn(name)) {
            refusals.add(
                    shelf.kind(),
                    name,
                    service,
                    origin,
                    "the name " + name + " belongs to the host; choose another one",
                    null);
            return false;
        }
        Shelf.Change change = shelf.add(new Shelf.Entry<>(service, origin, plugin));
        for (Shelf.Entry<T> shadowed : shelf.shadowed()) {
            if (shadowed.plugin().name().equals(name)) {
                LOG.warn(
                        "{} {} of bundle {} is not used: bundle {} offers the same name",
                        text(shelf.kind()),
                        name,
                        shadowed.origin(),
                        shelf.winner(name));
            }
        }
        tell(change);
        return true;
    }

    /** Deployed plugins that are not offered: refused ones, and those whose name is taken. */
    public List<PluginProblem> problems() {
        return refusals.problems(List.of(policies, allocators, handlers));
    }

    /**
     * Notes that a plugin was taken out of service, and quarantines it: it is offered again when
     * that ends; the first lasts a minute, each further one twice as long, an hour at most. A
     * plugin that is not there, or is built in, only gets the incident on its record, and so does
     * one whose bundle left or which an operator took out. Listeners are not told: the caller
     * knows.
     */
    public void eject(PluginKind kind, String name, Ejection ejection) {
        trust.eject(shelf(kind).inCharge(name), ejection);
    }

    /** Ends the quarantines of a plugin and forgets their history; false: there were none. */
    public boolean reinstate(PluginKind kind, String name) {
        boolean pardoned = trust.pardon(kind, name);
        if (pardoned && shelf(kind).inCharge(name) != null) {
            LOG.info("{} {} is reinstated", text(kind), name);
            tellArrived(kind, name);
        }
        return pardoned;
    }

    /** Tells listeners of plugins whose quarantine has ended. To be called every few seconds. */
    public void releaseExpired() {
        for (Quarantine.Name released : trust.takeReleased()) {
            if (shelf(released.kind()).inCharge(released.name()) != null) {
                LOG.info("a quarantine of {} {} has ended", text(released.kind()), released.name());
                tellArrived(released.kind(), released.name());
                signal.changed();
            }
        }
    }

    /** What is wrong with the file of quarantines, in one sentence; null: nothing. */
    public @Nullable String fileProblem() {
        return trust.fileProblem();
    }

    /** What happened to a plugin, newest first. */
    public List<Ejection> ejections(PluginKind kind, String name) {
        return trust.ejections(kind, name);
    }

    /** Whether plugins are kept away, and what happened to them. */
    Trust trust() {
        return trust;
    }

    /** Plugins that are not here any more. */
    Departed departed() {
        return departed;
    }

    Shelf<PolicyPlugin> policyShelf() {
        return policies;
    }

    Shelf<AllocatorPlugin> allocatorShelf() {
        return allocators;
    }

    Shelf<HandlerPlugin> handlerShelf() {
        return handlers;
    }

    Shelf<? extends Plugin> shelf(PluginKind kind) {
        return switch (kind) {
            case SCHEDULING_POLICY -> policies;
            case ALLOCATOR -> allocators;
            case TASK_HANDLER -> handlers;
        };
    }

    private <T extends Plugin> Optional<T> offered(Shelf<T> shelf, String name) {
        T plugin = shelf.inCharge(name);
        return plugin == null || isAway(shelf, plugin) ? Optional.empty() : Optional.of(plugin);
    }

    private boolean isAway(Shelf<?> shelf, Plugin plugin) {
        return trust.until(shelf.kind(), plugin, null) != null;
    }

    private <T extends Plugin> List<String> names(Shelf<T> shelf) {
        return shelf.all().stream()
                .filter(plugin -> !isAway(shelf, plugin))
                .map(Plugin::name)
                .toList();
    }

    private void tell(Shelf.Change change) {
        if (change.isNone()) {
            return;
        }
        departed.note(change);
        if (change.before() != null) {
            tell(
                    change.kind(),
                    change.name(),
                    "left",
                    listener -> listener.left(change.kind(), change.name()));
        }
        if (change.after() != null) {
            tellArrived(change.kind(), change.name());
        }
        signal.changed();
    }

    private void tellArrived(PluginKind kind, String name) {
        tell(kind, name, "arrived", listener -> listener.arrived(kind, name));
    }

    private void tell(PluginKind kind, String name, String what, Consumer<PluginListener> telling) {
        for (PluginListener listener : listeners) {
            try {
                telling.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("listener failed when {} {} {}", text(kind), name, what, e);
            }
        }
    }

    static String text(PluginKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
