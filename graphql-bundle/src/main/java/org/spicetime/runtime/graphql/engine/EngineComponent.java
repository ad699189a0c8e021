// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.graphql.schema.Services;
import org.spicetime.runtime.graphql.stream.OpenStreams;
import org.spicetime.runtime.graphql.stream.TickThread;

/**
 * Offers the {@link Engine} as a service once its first schema is built, which takes seconds on a
 * cold machine and so happens on a thread of its own. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class EngineComponent {
    private static final Logger LOG = LoggerFactory.getLogger(EngineComponent.class);

    private final BundleContext context;
    private final Services services;
    private final OpenStreams streams = new OpenStreams();
    private final TickThread ticks = new TickThread();
    private final ExecutorService executor =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("graphql-", 0).factory());
    private final Thread builder;

    @GuardedBy("this")
    private @Nullable Generations generations;

    @GuardedBy("this")
    private @Nullable ServiceRegistration<Engine> registration;

    @GuardedBy("this")
    private boolean closed;

    @Activate
    public EngineComponent(
            BundleContext context, @Reference Domains domains, @Reference Catalogue catalogue) {
        this.context = context;
        this.services = new Services(domains, catalogue, ticks);
        this.builder = new Thread(this::build, "graphql-first-schema");
        builder.setDaemon(true);
        builder.start();
    }

    private void build() {
        try {
            Generations first = new Generations(services, Limits.STANDARD, streams);
            publish(first);
        } catch (RuntimeException e) {
            LOG.error("the GraphQL schema could not be built; the endpoint stays closed", e);
        }
    }

    private synchronized void publish(Generations first) {
        if (closed) return;
        first.start();
        generations = first;
        registration =
                context.registerService(
                        Engine.class,
                        new RuntimeEngine(first, Limits.STANDARD, executor, streams),
                        null);
    }

    /** A policy came. Its service is not asked for: the catalogue tells. */
    @Reference(
            service = SchedulingPolicyFactory.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removePolicy")
    void addPolicy(ServiceReference<SchedulingPolicyFactory> policy) {
        changed();
    }

    void removePolicy(ServiceReference<SchedulingPolicyFactory> policy) {
        changed();
    }

    /** An allocation strategy came. */
    @Reference(
            service = AllocationStrategyFactory.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeStrategy")
    void addStrategy(ServiceReference<AllocationStrategyFactory> strategy) {
        changed();
    }

    void removeStrategy(ServiceReference<AllocationStrategyFactory> strategy) {
        changed();
    }

    private synchronized void changed() {
        if (generations != null) generations.changed();
    }

    /** Ends every stream and gives back the service. */
    @Deactivate
    public void close() {
        ServiceRegistration<Engine> registered;
        Generations kept;
        synchronized (this) {
            closed = true;
            registered = registration;
            kept = generations;
            registration = null;
            generations = null;
        }
        if (registered != null) registered.unregister();
        if (kept != null) kept.close();
        streams.cancelAll();
        ticks.close();
        executor.shutdown();
        try {
            builder.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
