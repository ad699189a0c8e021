// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks;

import java.io.ByteArrayInputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.domain.Domains;

/** The host that is measured, and what suites need of it. Used by one thread. */
public final class Lab {
    private static final long PATIENCE_SECONDS = 30;

    private final Domains domains;
    private final BundleContext context;
    private final int runs;
    private int made;

    /**
     * A host.
     *
     * @param context of the bundle with the benchmarks
     * @param runs how often each figure is to be measured, 1 or more
     */
    public Lab(Domains domains, BundleContext context, int runs) {
        this.domains = domains;
        this.context = context;
        this.runs = runs;
    }

    /** The domains of the host. */
    public Domains domains() {
        return domains;
    }

    /** How often each figure is to be measured. */
    public int runs() {
        return runs;
    }

    /**
     * A running domain.
     *
     * @param config what differs from the defaults
     */
    public Domain domain(ConfigPatch config) throws InterruptedException {
        DomainId id = new DomainId("bench-" + ++made);
        return await(
                domains.create(new DomainSpec(id, null, null, Map.of(), config, true))
                        .toCompletableFuture());
    }

    /** Ends a domain with all that is in it. */
    public void delete(Domain domain) throws InterruptedException {
        await(domains.delete(domain.id(), true).toCompletableFuture());
    }

    /** Installs and starts the bundle with the tasks of the package {@code work}. */
    public Bundle installWork() throws BundleException {
        Bundle bundle =
                context.installBundle(
                        "benchmark:work",
                        new ByteArrayInputStream(WorkBundle.pack(context.getBundle())));
        bundle.start();
        return bundle;
    }

    /** Services of the host, those with the best rank first. */
    public <T> List<T> services(Class<T> type) {
        try {
            return context.getServiceReferences(type, null).stream()
                    .sorted(Comparator.reverseOrder())
                    .map(context::getService)
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter is no bad filter", e);
        }
    }

    /**
     * Offers a service to the tasks of the package {@code work}.
     *
     * @param name value of the property {@code benchmark}
     */
    public <T> ServiceRegistration<T> offer(Class<T> type, T service, String name) {
        return context.registerService(
                type, service, FrameworkUtil.asDictionary(Map.of("benchmark", name)));
    }

    /** Waits for what the host promised. */
    public static <T> T await(java.util.concurrent.Future<T> promised) throws InterruptedException {
        try {
            return promised.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the host did not do what it was asked to: " + e, e);
        }
    }
}
