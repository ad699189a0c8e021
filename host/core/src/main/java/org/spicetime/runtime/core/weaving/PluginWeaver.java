// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.util.List;
import java.util.Set;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.core.poll.Poll;

/**
 * Weaves polls into every class of a bundle that imports the packages of policies or of strategies;
 * the host's own bundles that only look at them are left alone. A class that cannot be woven is
 * loaded as it is, with a warning: calls into it can be ended only while they wait. Thread-safe.
 */
@Component(service = PluginWeaver.class, immediate = true)
public final class PluginWeaver implements WeavingHook {

    private static final Logger LOG = LoggerFactory.getLogger(PluginWeaver.class);
    private static final String POLL_PACKAGE = Poll.class.getPackageName();
    private static final Set<String> PLUGIN_PACKAGES =
            Set.of(Policy.class.getPackageName(), AllocationStrategy.class.getPackageName());
    private static final String HOST = "org.spicetime.runtime.";
    private static final List<String> SHIPPED_PLUGINS =
            List.of(HOST + "scheduler.", HOST + "memory.");

    private final ServiceRegistration<WeavingHook> registration;

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
            if (!concerns(wiring)) {
                return;
            }
            byte[] polled = PollTransform.weave(woven.getBytes());
            woven.getDynamicImports().add(POLL_PACKAGE);
            woven.setBytes(polled);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOG.warn(
                    "class {} of bundle {} is loaded without polls; a call into it that spins cannot"
                            + " be ended",
                    woven.getClassName(),
                    wiring.getBundle(),
                    e);
        }
    }

    private static boolean concerns(BundleWiring wiring) {
        Bundle bundle = wiring.getBundle();
        String name = bundle.getSymbolicName();
        if (bundle.getBundleId() == 0
                || name == null
                || isShipped(bundle)
                        && name.startsWith(HOST)
                        && SHIPPED_PLUGINS.stream().noneMatch(name::startsWith)) {
            return false;
        }
        List<BundleWire> imports = wiring.getRequiredWires(BundleRevision.PACKAGE_NAMESPACE);
        return imports != null
                && imports.stream()
                        .map(wire ->
                                wire.getCapability()
                                        .getAttributes()
                                        .get(BundleRevision.PACKAGE_NAMESPACE))
                        .anyMatch(PLUGIN_PACKAGES::contains);
    }

    /** The launcher runs shipped bundles from where they lie; whatever is deployed is a copy. */
    private static boolean isShipped(Bundle bundle) {
        return bundle.getLocation().startsWith("reference:");
    }
}
