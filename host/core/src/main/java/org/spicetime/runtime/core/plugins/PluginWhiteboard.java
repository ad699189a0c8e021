// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.core.weaving.PluginWeaver;

/**
 * Brings the plugins among the OSGi services into the registry, and takes them out. Thread-safe.
 */
@Component(service = PluginWhiteboard.class, immediate = true)
public final class PluginWhiteboard {

    private final PluginRegistry registry;

    /**
     * A whiteboard in front of a registry.
     *
     * @param weaver has to be at work before the first class of a plugin is loaded
     */
    @Activate
    public PluginWhiteboard(@Reference PluginRegistry registry, @Reference PluginWeaver weaver) {
        this.registry = registry;
    }

    /** A policy came. */
    @Reference(
            service = SchedulingPolicyFactory.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void bindPolicy(
            SchedulingPolicyFactory factory, ServiceReference<SchedulingPolicyFactory> reference) {
        registry.addPolicy(factory, origin(reference));
    }

    /** A policy goes. */
    public void unbindPolicy(SchedulingPolicyFactory factory) {
        registry.remove(factory);
    }

    /** An allocation strategy came. */
    @Reference(
            service = AllocationStrategyFactory.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void bindAllocator(
            AllocationStrategyFactory factory,
            ServiceReference<AllocationStrategyFactory> reference) {
        registry.addAllocator(factory, origin(reference));
    }

    /** An allocation strategy goes. */
    public void unbindAllocator(AllocationStrategyFactory factory) {
        registry.remove(factory);
    }

    /** A handler came. */
    @Reference(
            service = TaskHandler.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    public void bindHandler(
            TaskHandler<?, ?> handler, ServiceReference<TaskHandler<?, ?>> reference) {
        registry.addHandler(handler, origin(reference));
    }

    /** A handler goes. */
    public void unbindHandler(TaskHandler<?, ?> handler) {
        registry.remove(handler);
    }

    private static PluginOrigin origin(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
        Object id = reference.getProperty(Constants.SERVICE_ID);
        return new PluginOrigin(
                bundle == null ? "unknown" : bundle.getSymbolicName(),
                bundle == null ? "0.0.0" : bundle.getVersion().toString(),
                ranking instanceof Integer number ? number : 0,
                id instanceof Long number ? number : Long.MAX_VALUE);
    }
}
