// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.security.Caller;

/**
 * Tells whether the host is ready for requests: no domain is still starting, and no part of {@code
 * systemHealth} is UNHEALTHY. A stranger learns that much and no more; who is signed in is told the
 * reasons, and with {@code ?verbose} every part. Thread-safe.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({ReadinessServlet.PATH, ReadinessServlet.STARTUP_PATH})
public final class ReadinessServlet extends HttpServlet {
    static final String PATH = "/readyz";
    static final String STARTUP_PATH = "/startupz";
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ReadinessServlet.class);

    private final transient AtomicReference<@Nullable Domains> domains = new AtomicReference<>();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindDomains(Domains added) {
        domains.set(added);
    }

    void unbindDomains(Domains removed) {
        domains.compareAndSet(removed, null);
    }

    /**
     * What was found. Immutable.
     *
     * @param reasons why the host is not ready; empty: it is
     * @param parts every part that was checked
     */
    private record Findings(List<String> reasons, List<HealthComponent> parts) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Findings found = findings();
        boolean ready = found.reasons().isEmpty();
        StringBuilder text = new StringBuilder(ready ? "ready\n" : "not ready\n");
        if (request.getAttribute(RequestGate.ATTRIBUTE) instanceof Caller) {
            found.reasons().forEach(reason -> text.append(line(reason)));
            if (request.getParameter("verbose") != null) {
                found.parts()
                        .forEach(part ->
                                text.append(line(part.status() + " " + part.name() + why(part))));
            }
        }
        response.setStatus(
                ready ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        if (!ready) response.setHeader("Retry-After", "1");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=utf-8");
        response.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Findings findings() {
        Domains present = domains.get();
        if (present == null) {
            return new Findings(List.of("the domains are not there yet"), List.of());
        }
        try {
            List<String> reasons = new ArrayList<>();
            for (Domain domain : present.all()) {
                DomainState state = domain.state();
                if (state.status() == RuntimeStatus.STARTING) {
                    reasons.add("domain:" + state.id() + " is starting" + because(state));
                }
            }
            List<HealthComponent> parts = present.health().components();
            for (HealthComponent part : parts) {
                if (part.status() == HealthStatus.UNHEALTHY) reasons.add(part.name() + why(part));
            }
            return new Findings(reasons, parts);
        } catch (RuntimeException e) {
            LOG.error("the health of the host could not be determined", e);
            return new Findings(
                    List.of("the health of the host could not be determined; its log tells why"),
                    List.of());
        }
    }

    private static String because(DomainState state) {
        return state.statusReason() == null ? "" : ": " + state.statusReason();
    }

    private static String why(HealthComponent part) {
        return part.message() == null ? "" : ": " + part.message();
    }

    /** On one line, whatever a message holds. */
    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", " ") + "\n";
    }
}
