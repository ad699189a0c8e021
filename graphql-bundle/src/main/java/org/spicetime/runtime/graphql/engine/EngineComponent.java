// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.bucket4j.TimeMeter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
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
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.alert.Alerts;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.graphql.SchemaContribution;
import org.spicetime.runtime.api.log.Logs;
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
@Designate(ocd = EngineSettings.class)
public final class EngineComponent {
    private static final Logger LOG = LoggerFactory.getLogger(EngineComponent.class);

    private final BundleContext context;
    private final Services services;
    private final Rules rules;
    private final OpenStreams streams = new OpenStreams();
    private final TickThread ticks = new TickThread();
    private final ExecutorService executor =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("graphql-", 0).factory());
    private final Thread builder;
    private final ContributionOffers offers;

    /** Null while nobody keeps the log. */
    private final AtomicReference<@Nullable Logs> logs = new AtomicReference<>();

    @GuardedBy("this")
    private @Nullable Generations generations;

    @GuardedBy("this")
    private @Nullable ServiceRegistration<Engine> registration;

    @GuardedBy("this")
    private boolean closed;

    @Activate
    public EngineComponent(
            BundleContext context,
            EngineSettings settings,
            @Reference Domains domains,
            @Reference Catalogue catalogue,
            @Reference Bundles bundles,
            @Reference Alerts alerts) {
        this.context = context;
        this.rules = Rules.of(settings, instance(context));
        this.offers = new ContributionOffers(context);
        this.services = new Services(domains, catalogue, bundles, alerts, logs::get, ticks);
        this.builder = new Thread(this::build, "graphql-first-schema");
        builder.setDaemon(true);
        builder.start();
    }

    private static Path instance(BundleContext context) {
        String instance = context.getProperty("spicetime.instance");
        return Path.of(instance == null ? "" : instance);
    }

    private void build() {
        try {
            publish(new Generations(services, rules.limits(), streams, this::report));
        } catch (RuntimeException e) {
            LOG.error("the GraphQL schema could not be built; the endpoint stays closed", e);
        }
    }

    private void report(String symbolicName, List<String> problems) {
        services.bundles().report(symbolicName, "schema", problems);
    }

    private synchronized void publish(Generations first) {
        if (closed) return;
        generations = first;
        offers.open(first.contributions());
        first.start();
        registration =
                context.registerService(
                        Engine.class,
                        new RuntimeEngine(
                                first, rules, TimeMeter.SYSTEM_NANOTIME, executor, streams),
                        null);
    }

    /** The log is there; without it all else is served. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeLogs")
    void addLogs(Logs present) {
        logs.set(present);
    }

    void removeLogs(Logs gone) {
        logs.compareAndSet(gone, null);
    }

    /** A bundle offers fields. Its service is made and asked on a thread of its own. */
    @Reference(
            service = SchemaContribution.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeContribution")
    void addContribution(ServiceReference<SchemaContribution> offered) {
        offers.add(offered);
    }

    void removeContribution(ServiceReference<SchemaContribution> gone) {
        offers.remove(gone);
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
        offers.close();
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
