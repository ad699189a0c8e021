// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.security.Caller;

/** The gate as a filter of a real Jetty, in front of servlets that tell whom they see. */
abstract class GateFixture {
    static final String HOST = "Host: localhost";

    @TempDir Path instance;
    final AtomicLong now = new AtomicLong();
    final RequestGate gate = new RequestGate(List.of("runtime.example"), now::get);
    final ReadinessServlet readiness = new ReadinessServlet();
    final Server server = new Server();
    int port;
    String bearer = "";
    String basic = "";

    static final class Seen extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            Object caller = request.getAttribute(Caller.class.getName());
            String name = caller instanceof Caller it ? it.name() : "nobody";
            response.getOutputStream().write(name.getBytes(StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void start() throws Exception {
        TokenAuthenticator authenticator = new TokenAuthenticator(instance);
        gate.bindAuthenticator(authenticator);
        String token = Files.readString(instance.resolve("secrets/admin.token")).strip();
        bearer = "Authorization: Bearer " + token;
        basic = basic("admin", token);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addFilter(new FilterHolder(gate), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new LivenessServlet()), "/livez");
        context.addServlet(new ServletHolder(readiness), "/readyz");
        context.addServlet(new ServletHolder(new Seen()), "/");
        server.setHandler(context);
        server.start();
        port = connector.getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    static String basic(String user, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    HttpProbe send(String method, String path, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        if (all.stream().noneMatch(header -> header.startsWith("Host:"))) all.add(HOST);
        return HttpProbe.send(port, method, path, all.toArray(String[]::new));
    }

    /** Settings with these values, and the default of all others. */
    static GateSettings settings(Map<String, Object> values) {
        return (GateSettings)
                Proxy.newProxyInstance(
                        GateSettings.class.getClassLoader(),
                        new Class<?>[] {GateSettings.class},
                        (proxy, method, arguments) ->
                                values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
