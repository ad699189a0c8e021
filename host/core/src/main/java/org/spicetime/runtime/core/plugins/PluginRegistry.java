// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private final Quarantine quarantine;
    private final Shelf<PolicyPlugin> policies;
    private final Shelf<AllocatorPlugin> allocators;
    private final Shelf<HandlerPlugin> handlers;
    private final List<PluginListener> listeners = new CopyOnWriteArrayList<>();
    private final CatalogueSignal signal = new CatalogueSignal();
    private final Map<Object, PluginProblem> refused = new ConcurrentHashMap<>();
    private final Set<Quarantined> away = new HashSet<>();
    private volatile PluginUsage usage = (kind, name) -> List.of();

    private record Quarantined(PluginKind kind, String name) {}

    /** A registry by the clock of the machine. */
    @Activate
    public PluginRegistry() {
        this(InstantSource.system(), CALL_LIMIT);
    }

    /**
     * A registry for other surroundings.
     *
     * @param clock by which quarantines end
     * @param callLimit how long a plugin may take to describe itself or to make an instance
     */
    public PluginRegistry(InstantSource clock, Duration callLimit) {
        quarantine = new Quarantine(clock);
        reader = new PluginReader(new PluginGuard(callLimit));
        policies = new Shelf<>(PluginKind.SCHEDULING_POLICY, reader.safeFifo());
        allocators = new Shelf<>(PluginKind.ALLOCATOR, reader.firstFit());
        handlers = new Shelf<>(PluginKind.TASK_HANDLER, null);
    }

    /** The policy of this name, if it can be chosen now. */
    public Optional<PolicyPlugin> policy(String name) {
        return offered(policies, name);
    }

    /** The allocation strategy of this name, if it can be chosen now. */
    public Optional<AllocatorPlugin> allocator(String name) {
        return offered(allocators, name);
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
        refused.remove(new Identity(service));
        for (Shelf<?> shelf : List.of(policies, allocators, handlers)) {
            Shelf.Change change = shelf.remove(service);
            if (change != null) {
                tell(change);
            }
        }
    }

    private record Identity(Object service) {
        @Override
        @SuppressWarnings("ReferenceEquality") // the same service, not an equal one
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that && that.service == service;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(service);
        }
    }

    private <T extends Plugin> boolean add(
            Shelf<T> shelf, Object service, PluginOrigin origin, PluginReader.Reading<T> reading) {
        T plugin;
        try {
            plugin = reading.read();
        } catch (PluginFailure failure) {
            return refuse(
                    shelf.kind(), null, service, origin, failure.sentence(), failure.getCause());
        }
        String name = plugin.name();
        if (shelf.isBuiltIn(name)) {
            return refuse(
                    shelf.kind(),
                    name,
                    service,
                    origin,
                    "the name " + name + " belongs to the host; choose another one",
                    null);
        }
        Shelf.Change change = shelf.add(new Shelf.Entry<>(service, origin, plugin));
        for (Shelf.Entry<T> shadowed : shelf.shadowed()) {
            if (shadowed.plugin().name().equals(name)) {
                LOG.warn(
                        "{} {} of bundle {} is not used: bundle {} offers the same name",
                        kindText(shelf.kind()),
                        name,
                        shadowed.origin(),
                        shelf.winner(name));
            }
        }
        tell(change);
        return true;
    }

    private boolean refuse(
            PluginKind kind,
            @Nullable String name,
            Object service,
            PluginOrigin origin,
            String why,
            @Nullable Throwable cause) {
        LOG.error("{} of bundle {} is refused: {}", kindText(kind), origin, why, cause);
        refused.put(new Identity(service), new PluginProblem(kind, name, origin, why));
        return false;
    }

    /** Deployed plugins that are not offered: refused ones, and those whose name is taken. */
    public List<PluginProblem> problems() {
        List<PluginProblem> problems = new ArrayList<>(refused.values());
        Stream.of(policies, allocators, handlers)
                .forEach(shelf ->
                        shelf.shadowed().forEach(entry -> problems.add(shadowed(shelf, entry))));
        return problems;
    }

    private static PluginProblem shadowed(Shelf<?> shelf, Shelf.Entry<?> entry) {
        String name = entry.plugin().name();
        Plugin winner = shelf.inCharge(name);
        return new PluginProblem(
                shelf.kind(),
                name,
                entry.origin(),
                "another bundle offers the same name: "
                        + (winner == null ? "gone meanwhile" : winner.origin()));
    }

    /**
     * Takes a plugin out of service. It is offered again when its quarantine ends; the first lasts
     * a minute, each further one twice as long, an hour at most. A plugin that is not there, or is
     * built in, only gets the incident on its record. Listeners are not told: the caller knows.
     */
    public void eject(PluginKind kind, String name, Ejection ejection) {
        Plugin plugin = shelf(kind).inCharge(name);
        Instant until =
                quarantine.eject(kind, name, plugin == null ? null : plugin.origin(), ejection);
        LOG.warn(
                "{} {} of bundle {} is ejected ({}, incident {}): {}{}",
                kindText(kind),
                name,
                plugin == null ? ejection.bundle() : plugin.origin(),
                ejection.reason(),
                ejection.id(),
                ejection.message(),
                until == null ? "" : "; quarantined until " + until);
        if (until != null) {
            synchronized (away) {
                away.add(new Quarantined(kind, name));
            }
        }
        signal.changed();
    }

    /** Ends a quarantine and forgets its history; false: there was none. Listeners are told. */
    public boolean reinstate(PluginKind kind, String name) {
        boolean pardoned = quarantine.pardon(kind, name);
        synchronized (away) {
            away.remove(new Quarantined(kind, name));
        }
        if (pardoned && shelf(kind).inCharge(name) != null) {
            LOG.info("{} {} is reinstated", kindText(kind), name);
            listeners.forEach(listener -> tellArrived(listener, kind, name));
        }
        signal.changed();
        return pardoned;
    }

    /** Tells listeners of plugins whose quarantine has ended. To be called every few seconds. */
    public void releaseExpired() {
        List<Quarantined> released = new ArrayList<>();
        synchronized (away) {
            away.removeIf(one -> {
                Plugin plugin = shelf(one.kind()).inCharge(one.name());
                if (plugin != null && quarantine.until(plugin, one.kind()) != null) {
                    return false;
                }
                if (plugin != null) {
                    released.add(one);
                }
                return true;
            });
        }
        for (Quarantined one : released) {
            LOG.info("quarantine of {} {} has ended", kindText(one.kind()), one.name());
            listeners.forEach(listener -> tellArrived(listener, one.kind(), one.name()));
            signal.changed();
        }
    }

    /** What happened to all plugins, newest first. */
    List<Ejection> ejections() {
        return quarantine.incidents();
    }

    /** What happened to a plugin, newest first. */
    public List<Ejection> ejections(PluginKind kind, String name) {
        return quarantine.incidents(kind, name);
    }

    /** Until when a plugin is kept away; null: it is not. */
    @Nullable Instant quarantinedUntil(PluginKind kind, Plugin plugin) {
        return quarantine.until(plugin, kind);
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

    private Shelf<?> shelf(PluginKind kind) {
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
        return quarantine.until(plugin, shelf.kind()) != null;
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
        for (PluginListener listener : listeners) {
            if (change.before() != null) {
                tellLeft(listener, change.kind(), change.name());
            }
            if (change.after() != null) {
                tellArrived(listener, change.kind(), change.name());
            }
        }
        signal.changed();
    }

    private static void tellLeft(PluginListener listener, PluginKind kind, String name) {
        try {
            listener.left(kind, name);
        } catch (RuntimeException e) {
            LOG.error("listener failed when {} {} left", kindText(kind), name, e);
        }
    }

    private static void tellArrived(PluginListener listener, PluginKind kind, String name) {
        try {
            listener.arrived(kind, name);
        } catch (RuntimeException e) {
            LOG.error("listener failed when {} {} arrived", kindText(kind), name, e);
        }
    }

    private static String kindText(PluginKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
