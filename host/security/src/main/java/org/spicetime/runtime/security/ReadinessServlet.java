// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.spicetime.runtime.api.domain.Domains;

/** Tells whoever is signed in whether the domains are there. Thread-safe. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern({"/readyz", "/startupz"})
public final class ReadinessServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient AtomicReference<@Nullable Domains> domains = new AtomicReference<>();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindDomains(Domains added) {
        domains.set(added);
    }

    void unbindDomains(Domains removed) {
        domains.compareAndSet(removed, null);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean ready = domains.get() != null;
        response.setStatus(ready ? 200 : 503);
        if (!ready) response.setHeader("Retry-After", "1");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=utf-8");
        String text = ready ? "ready\n" : "the domains are not there yet\n";
        response.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
