// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.Preprocessor;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;

/*
 * What a request must pass, in this order:
 *   1. Host is a name of this host, else 403: no rebinding.
 *   2. A page of an allowed origin may read what /graphql answers; a browser that asks for such a
 *      page gets its answer.
 *   3. An upgrade or an unsafe method comes from our own pages or from no page, and at /graphql
 *      from those of allowed origins, else 403. Under the stricter rule, which is off by default,
 *      nothing at /graphql is answered that a browser would send without asking.
 *   4. GET /livez passes, and GET /readyz and /startupz of who shows no credentials.
 *   5. Credentials, if shown, are valid, else 401, or 429 after many failures.
 *   6. Somebody is signed in, else 401. /graphql says so itself, because there a token may also
 *      come with the first message of a socket.
 * The caller then is the request attribute named like the class Caller: servlets look there.
 */

/** Stands in front of every servlet of this process, whoever registered it. Thread-safe. */
@Component(service = Preprocessor.class, immediate = true)
@Designate(ocd = GateSettings.class)
public final class RequestGate implements Preprocessor {
    static final String ATTRIBUTE = Caller.class.getName();
    static final String CONSOLE = "/system/console";
    private static final String GRAPHQL = "/graphql";
    private static final Set<String> GRAPHQL_ANSWERS = Set.of(GRAPHQL, GRAPHQL + "/stream");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<String> READINESS =
            Set.of(ReadinessServlet.PATH, ReadinessServlet.STARTUP_PATH);
    // A GET of the console's configuration page with this parameter is taken for a POST.
    private static final String POST_BY_GET = "post";

    private final AtomicReference<@Nullable Authenticator> authenticator = new AtomicReference<>();
    private final List<String> fixedHosts;
    private final SignInThrottle throttle;
    private volatile AllowedHosts hosts;
    private volatile AllowedOrigins origins = new AllowedOrigins(List.of());
    private volatile boolean strict;

    @Activate
    public RequestGate(BundleContext context, GateSettings settings) {
        this(fixedHosts(context), System::nanoTime);
        configure(settings);
    }

    RequestGate(List<String> fixedHosts, LongSupplier nanoTime) {
        this.fixedHosts = List.copyOf(fixedHosts);
        hosts = new AllowedHosts(fixedHosts);
        throttle = new SignInThrottle(nanoTime);
    }

    /** New settings hold from the next request on; the gate never stands open meanwhile. */
    @Modified
    void configure(GateSettings settings) {
        List<String> names = new ArrayList<>(fixedHosts);
        names.addAll(Arrays.asList(settings.hosts()));
        hosts = new AllowedHosts(names);
        origins = new AllowedOrigins(Arrays.asList(settings.origins()));
        strict = settings.strictCsrf();
        throttle.configure(settings.signInBurst(), settings.signInMillis());
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindAuthenticator(Authenticator added) {
        authenticator.set(added);
    }

    void unbindAuthenticator(Authenticator removed) {
        authenticator.compareAndSet(removed, null);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)) {
            throw new ServletException("not an HTTP request");
        }
        String path = path(httpRequest);
        protect(httpResponse);
        httpRequest.removeAttribute(ATTRIBUTE);
        boolean graphQl = path.equals(GRAPHQL) || path.startsWith(GRAPHQL + "/");
        if (graphQl && origins.some()) httpResponse.addHeader("Vary", "Origin");
        boolean allowed = graphQl && origins.allow(httpRequest) && hosts.allows(host(httpRequest));
        if (allowed) {
            CrossOrigin.allow(httpRequest, httpResponse);
            if (CrossOrigin.asks(httpRequest)) {
                CrossOrigin.answer(httpResponse);
                return;
            }
        }
        Optional<Refusal> refusal = examine(httpRequest, path, graphQl, allowed);
        if (refusal.isPresent()) {
            if (hasBody(httpRequest)) httpResponse.setHeader("Connection", "close");
            refusal.get().send(httpResponse, GRAPHQL_ANSWERS.contains(path));
        } else {
            chain.doFilter(request, response);
        }
    }

    private Optional<Refusal> examine(
            HttpServletRequest request, String path, boolean graphQl, boolean allowed) {
        if (!hosts.allows(host(request))) {
            return Optional.of(Refusal.forbidden("The Host header names another host."));
        }
        boolean console = path.equals(CONSOLE) || path.startsWith(CONSOLE + "/");
        boolean changes =
                !SAFE.contains(request.getMethod())
                        || (console && request.getParameter(POST_BY_GET) != null);
        boolean upgrades = request.getHeader("Upgrade") != null;
        if ((changes || upgrades) && !allowed && fromElsewhere(request)) {
            return Optional.of(Refusal.forbidden("Requests of other sites are not accepted."));
        }
        if (strict && graphQl && !upgrades && !request.getMethod().equals("OPTIONS")) {
            if (CrossOrigin.isSentUnasked(request)) {
                return Optional.of(
                        Refusal.forbidden(
                                "Send the header Apollo-Require-Preflight: any form elsewhere could"
                                        + " send this request."));
            }
        }
        boolean reading = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (path.equals(LivenessServlet.PATH) && reading) return Optional.empty();
        Credentials shown = Credentials.of(Collections.list(request.getHeaders("Authorization")));
        if (shown instanceof Credentials.Absent) {
            boolean passes = path.equals(GRAPHQL) || (reading && READINESS.contains(path));
            return passes ? Optional.empty() : Optional.of(Refusal.unauthenticated(console));
        }
        Authenticator now = authenticator.get();
        if (now == null) return Optional.of(Refusal.starting());
        Optional<Caller> caller = caller(now, shown, console);
        if (caller.isEmpty()) {
            return Optional.of(
                    throttle.failed(request.getRemoteAddr())
                            ? Refusal.wrongCredentials(console)
                            : Refusal.tooManyFailures());
        }
        // A browser adds a password by itself, so a form elsewhere could use it.
        if (shown instanceof Credentials.Basic && changes && !fromOwnPage(request)) {
            return Optional.of(
                    Refusal.forbidden("Changes with a password need a same-origin Origin header."));
        }
        request.setAttribute(ATTRIBUTE, caller.get());
        return Optional.empty();
    }

    private static Optional<Caller> caller(
            Authenticator authenticator, Credentials shown, boolean console) {
        return switch (shown) {
            case Credentials.Bearer bearer -> authenticator.authenticate(bearer.token());
            case Credentials.Basic basic when console ->
                    authenticator
                            .authenticate(basic.password())
                            .filter(caller -> caller.name().equals(basic.user()));
            default -> Optional.empty();
        };
    }

    // Nobody reads the body of a refused request, so the server closes the connection and the
    // client must know.
    private static boolean hasBody(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/1")
                && (request.getContentLengthLong() > 0
                        || request.getHeader("Transfer-Encoding") != null);
    }

    // HTTP/2 has no Host header but an authority, which the server tells as these two.
    private static @Nullable String host(HttpServletRequest request) {
        if (request.getProtocol().startsWith("HTTP/1")) return request.getHeader("Host");
        int port = request.getServerPort();
        boolean usual = port == (request.getScheme().equals("https") ? 443 : 80);
        return usual ? request.getServerName() : request.getServerName() + ":" + port;
    }

    private static boolean fromElsewhere(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreignSite = "cross-site".equals(site) || "same-site".equals(site);
        return foreignSite || (request.getHeader("Origin") != null && !sameOrigin(request));
    }

    private static boolean fromOwnPage(HttpServletRequest request) {
        return sameOrigin(request) || "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
    }

    private static boolean sameOrigin(HttpServletRequest request) {
        String own = request.getScheme() + "://" + host(request);
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        return origins.size() == 1 && origins.getFirst().equalsIgnoreCase(own);
    }

    // The dispatcher behind the gate decides by the same two, decoded and normalised.
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        return request.getServletPath() + (info == null ? "" : info);
    }

    private static void protect(HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Content-Security-Policy", "frame-ancestors 'none'");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    private static List<String> fixedHosts(BundleContext context) {
        List<String> names = new ArrayList<>();
        String bound = context.getProperty("org.apache.felix.http.host");
        if (bound != null) names.add(bound);
        String more = context.getProperty("spicetime.http.hosts");
        if (more != null) names.addAll(Arrays.asList(more.split(",")));
        return names;
    }
}
