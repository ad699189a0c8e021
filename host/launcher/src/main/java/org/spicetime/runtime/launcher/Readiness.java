// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * Waits until the services that make this host useful are there. Called by one thread at a time.
 */
final class Readiness {

    /** LDAP filters, separated by white space; the host is ready when each has a service. */
    static final String AWAIT = "launcher.await";

    /** How long to wait for them. */
    static final String AWAIT_SECONDS = "launcher.await.seconds";

    private static final String HTTP_RUNTIME =
            "(objectClass=org.osgi.service.servlet.runtime.HttpServiceRuntime)";

    /** The HTTP server starts while its bundle does; later than this it will not come. */
    private static final Duration HTTP_LIMIT = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(250);

    private static final String ENDPOINT = "osgi.http.endpoint";

    private final Filter httpRuntime;
    private final List<Filter> filters;
    private final Duration limit;

    private Readiness(Filter httpRuntime, List<Filter> filters, Duration limit) {
        this.httpRuntime = httpRuntime;
        this.filters = List.copyOf(filters);
        this.limit = limit;
    }

    static Readiness of(Map<String, String> settings, FilterSyntax syntax)
            throws StartRefusedException {
        List<Filter> filters = new ArrayList<>();
        Filter httpRuntime;
        try {
            httpRuntime = syntax.parse(HTTP_RUNTIME);
            for (String filter : settings.getOrDefault(AWAIT, "").strip().split("\\s+", -1)) {
                if (!filter.isEmpty()) {
                    filters.add(syntax.parse(filter));
                }
            }
        } catch (InvalidSyntaxException e) {
            throw StartRefusedException.failed(
                    AWAIT
                            + " must hold LDAP filters without blanks, was \""
                            + e.getFilter()
                            + "\": "
                            + Sentence.of(e)
                            + ".",
                    e);
        }
        return new Readiness(
                httpRuntime, filters, limitOf(settings.getOrDefault(AWAIT_SECONDS, "120")));
    }

    /** Parses an LDAP filter. */
    @FunctionalInterface
    interface FilterSyntax {
        Filter parse(String text) throws InvalidSyntaxException;
    }

    /** The base address of the host, once everything awaited is there. */
    URI await(BundleContext context, ListenAddress listen)
            throws StartRefusedException, InterruptedException {
        long begin = System.nanoTime();
        long httpNanos = Math.min(limit.toNanos(), HTTP_LIMIT.toNanos());
        URI endpoint =
                await(context, httpRuntime, begin + httpNanos)
                        .flatMap(found -> endpointOf(found.getProperty(ENDPOINT), listen))
                        .orElseThrow(() ->
                                StartRefusedException.failed(
                                        "the HTTP server does not listen on port "
                                                + listen.port()
                                                + " of "
                                                + listen.address().getHostAddress()
                                                + "; another process may have taken the port meanwhile, and the"
                                                + " log says what happened."));
        List<String> missing = new ArrayList<>();
        for (Filter filter : filters) {
            if (!arrives(context, filter, begin + limit.toNanos())) {
                missing.add(filter.toString());
            }
        }
        if (!missing.isEmpty()) {
            List<String> waiting = WaitingComponents.in(context);
            throw StartRefusedException.failed(
                    "the host was not ready within "
                            + limit.toSeconds()
                            + " s, because no service matches "
                            + String.join(" nor ", missing)
                            + (waiting.isEmpty() ? "" : "; " + String.join("; ", waiting))
                            + "; the log says more.");
        }
        return endpoint;
    }

    /** Waits in short steps: when a component of the host has failed, nothing will come. */
    private static boolean arrives(BundleContext context, Filter filter, long end)
            throws StartRefusedException, InterruptedException {
        do {
            long step = Math.min(end, System.nanoTime() + LOOK.toNanos());
            if (await(context, filter, step).isPresent()) {
                return true;
            }
            Optional<String> failure = WaitingComponents.failure(context);
            if (failure.isPresent()) {
                throw StartRefusedException.failed(failure.get() + ".");
            }
        } while (System.nanoTime() - end < 0);
        return false;
    }

    private static Optional<ServiceReference<?>> await(
            BundleContext context, Filter filter, long end) throws InterruptedException {
        ServiceTracker<Object, ServiceReference<?>> tracker =
                new ServiceTracker<>(context, filter, new ReferencesOnly());
        tracker.open(true);
        try {
            long millis = Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis());
            return Optional.ofNullable(tracker.waitForService(millis));
        } finally {
            tracker.close();
        }
    }

    /**
     * Chooses, from the addresses that the HTTP server tells, the one it was asked to listen on.
     */
    static Optional<URI> endpointOf(Object property, ListenAddress listen) {
        Stream<?> values =
                switch (property) {
                    case String one -> Stream.of(one);
                    case Object[] several -> Stream.of(several);
                    case Collection<?> several -> several.stream();
                    case null, default -> Stream.empty();
                };
        List<URI> endpoints =
                values.map(String::valueOf)
                        .filter(value -> value.startsWith("http"))
                        .map(value -> URI.create(value.replaceAll("/+$", "")))
                        .filter(uri -> uri.getPort() > 0)
                        .toList();
        String address = listen.address().getHostAddress();
        return endpoints.stream()
                .filter(uri -> address.equals(uri.getHost()))
                .findFirst()
                .or(() -> endpoints.stream().findFirst());
    }

    private static Duration limitOf(String seconds) throws StartRefusedException {
        if (seconds.matches("[1-9][0-9]{0,3}")) {
            return Duration.ofSeconds(Integer.parseInt(seconds));
        }
        throw StartRefusedException.failed(
                AWAIT_SECONDS + " must be a number from 1 to 9999, was \"" + seconds + "\".");
    }

    /** Tells that a service is there without asking for it, so that nothing is created early. */
    private static final class ReferencesOnly
            implements ServiceTrackerCustomizer<Object, ServiceReference<?>> {
        @Override
        public ServiceReference<?> addingService(ServiceReference<Object> reference) {
            return reference;
        }

        @Override
        public void modifiedService(
                ServiceReference<Object> reference, ServiceReference<?> tracked) {}

        @Override
        public void removedService(
                ServiceReference<Object> reference, ServiceReference<?> tracked) {}
    }
}
