// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.core.poll.Poll;

/**
 * Weaves polls into every class of a bundle of plugins while it is loaded. Bundles that import the
 * packages of policies or of strategies get polls at which a call is ended, those of task handlers
 * get polls at which a task gives way or ends; who offers both gets the former. The host's own
 * bundles that only look at plugins are left alone. A class that cannot be woven is loaded as it
 * is, with a warning. Thread-safe.
 */
@Component(service = PluginWeaver.class, immediate = true)
public final class PluginWeaver implements WeavingHook {

    private static final Logger LOG = LoggerFactory.getLogger(PluginWeaver.class);
    private static final String POLL_PACKAGE = Poll.class.getPackageName();
    private static final Set<String> PLUGIN_PACKAGES =
            Set.of(Policy.class.getPackageName(), AllocationStrategy.class.getPackageName());
    private static final String HANDLER_PACKAGE = TaskHandler.class.getPackageName();
    private static final String HOST = "org.spicetime.runtime.";
    private static final List<String> SHIPPED_PLUGINS =
            List.of(HOST + "scheduler.", HOST + "memory.", HOST + "handlers");
    private static final String REPORTER = "polls";

    private final ServiceRegistration<WeavingHook> registration;
    private final Map<BundleWiring, FutureTask<HandlerBundle>> handlers =
            Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<String, List<String>> problems = new ConcurrentHashMap<>();
    private final Set<BundleWiring> told =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private volatile @Nullable Bundles bundles;

    /** Weaves what is loaded from now on. */
    @Activate
    public PluginWeaver(BundleContext context) {
        // As a plain object: the framework asks for hooks while it loads the classes that a service
        // factory of the component runtime would need.
        registration = context.registerService(WeavingHook.class, this, null);
    }

    /** Weaves no more. */
    @Deactivate
    public void close() {
        registration.unregister();
    }

    @Override
    public void weave(WovenClass woven) {
        BundleWiring wiring = woven.getBundleWiring();
        // A hook that throws makes the class unloadable, so whatever happens is told and kept here.
        try {
            byte[] polled = polled(wiring, woven);
            if (polled != null) {
                woven.getDynamicImports().add(POLL_PACKAGE);
                woven.setBytes(polled);
            }
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOG.warn(
                    "class {} of bundle {} is loaded without polls; what spins in it can neither be"
                            + " preempted nor ended",
                    woven.getClassName(),
                    wiring.getBundle(),
                    e);
            report(
                    wiring.getBundle().getSymbolicName(),
                    "class "
                            + woven.getClassName()
                            + " has no polls: what spins in it can neither be preempted nor ended");
        }
    }

    private byte @Nullable [] polled(BundleWiring wiring, WovenClass woven) {
        if (isHost(wiring.getBundle())) {
            return null;
        }
        Set<String> imported = imported(wiring);
        if (imported.contains(HANDLER_PACKAGE)) {
            HandlerBundle bundle = handlers(wiring);
            if (!bundle.offersPlugins()) {
                return bundle.weave(woven.getBytes());
            }
        }
        return Collections.disjoint(imported, PLUGIN_PACKAGES)
                ? null
                : PollTransform.weave(woven.getBytes());
    }

    /** Reads a bundle once, whoever asks first; nothing of it is loaded by that. */
    private HandlerBundle handlers(BundleWiring wiring) {
        FutureTask<HandlerBundle> reading =
                handlers.computeIfAbsent(
                        wiring, w -> new FutureTask<>(() -> HandlerBundle.read(w)));
        reading.run();
        HandlerBundle bundle = await(reading);
        if (told.add(wiring)) {
            Bundle of = wiring.getBundle();
            LOG.info(
                    "bundle={} version={} polls: {}{}",
                    of.getSymbolicName(),
                    of.getVersion(),
                    bundle,
                    bundle.offersPlugins()
                            ? "; it offers policies or strategies too, so its tasks give way at"
                                    + " checkpoints only"
                            : "");
            bundle.problems().forEach(problem -> report(of.getSymbolicName(), problem));
        }
        return bundle;
    }

    private static HandlerBundle await(FutureTask<HandlerBundle> reading) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return reading.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("its classes cannot be read", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void report(String bundle, String problem) {
        problems.computeIfAbsent(bundle, id -> new CopyOnWriteArrayList<>()).add(problem);
        Bundles known = bundles;
        if (known != null) {
            known.report(bundle, REPORTER, problems.getOrDefault(bundle, List.of()));
        }
    }

    /** Tells the list of bundles what was found, also before it was there. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "forget")
    public void tell(Bundles service) {
        bundles = service;
        problems.forEach((bundle, found) -> service.report(bundle, REPORTER, found));
    }

    /** The list is gone. */
    public void forget(Bundles service) {
        if (service.equals(bundles)) {
            bundles = null;
        }
    }

    private static boolean isHost(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return bundle.getBundleId() == 0
                || name == null
                || isShipped(bundle)
                        && name.startsWith(HOST)
                        && SHIPPED_PLUGINS.stream().noneMatch(name::startsWith);
    }

    private static Set<String> imported(BundleWiring wiring) {
        List<BundleWire> imports = wiring.getRequiredWires(BundleRevision.PACKAGE_NAMESPACE);
        Set<String> names = new HashSet<>();
        if (imports != null) {
            for (BundleWire wire : imports) {
                Map<String, Object> attributes = wire.getCapability().getAttributes();
                if (attributes.get(BundleRevision.PACKAGE_NAMESPACE) instanceof String name) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** The launcher runs shipped bundles from where they lie; whatever is deployed is a copy. */
    private static boolean isShipped(Bundle bundle) {
        return bundle.getLocation().startsWith("reference:");
    }
}
