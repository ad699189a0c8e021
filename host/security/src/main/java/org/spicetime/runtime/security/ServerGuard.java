// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Felix hands its server to nobody but to factories of connectors, which it asks once the server
 * and its own connectors run, and before servlets are served. So this is one: the connector that it
 * makes never listens. When it is started it leaves the server's list again, because Felix tells
 * the port of each connector there, and the guard is in place; it ends with the server, or when
 * Felix stops the connector because this service goes.
 */

/**
 * Protects the HTTP server as a whole, where a filter cannot: how many connections there are, how
 * slowly a request may come, and what the server answers by itself. Thread-safe.
 */
@Component(service = ConnectorFactory.class)
@Designate(ocd = ConnectionSettings.class)
public final class ServerGuard implements ConnectorFactory {
    private static final Logger LOG = LoggerFactory.getLogger(ServerGuard.class);
    private static final long LOOK_MILLIS = 500;

    private volatile ConnectionLimits limits;

    @Activate
    public ServerGuard(ConnectionSettings settings) {
        limits = ConnectionLimits.of(settings);
    }

    /** New settings hold at once; connections beyond them stay, and no new one comes in. */
    @Modified
    void configure(ConnectionSettings settings) {
        limits = ConnectionLimits.of(settings);
    }

    @Override
    public Connector createConnector(Server server) {
        if (server.getConnectors().length == 0) {
            throw new IllegalStateException("the HTTP server listens nowhere");
        }
        return new Attachment(server);
    }

    /** Between the guard and a server, for as long as both are there. */
    private final class Attachment extends ServerConnector {
        private final List<Runnable> installed = new ArrayList<>();
        private final LifeCycle.Listener end =
                new LifeCycle.Listener() {
                    @Override
                    public void lifeCycleStopping(LifeCycle stopping) {
                        remove();
                    }
                };

        Attachment(Server server) {
            super(server, null, null, null, 0, 1, new HttpConnectionFactory());
        }

        @Override
        protected void doStart() {
            Server server = getServer();
            server.removeConnector(this);
            install(server, installed);
            server.addEventListener(end);
        }

        @Override
        protected void doStop() {
            getServer().removeEventListener(end);
            remove();
        }

        private synchronized void remove() {
            installed.forEach(Runnable::run);
            installed.clear();
        }
    }

    private void install(Server server, List<Runnable> installed) {
        installed.add(PlainErrors.install(server));
        OpenConnections connections = new OpenConnections(() -> limits, seldom());
        SlowHeads heads = new SlowHeads(() -> limits, System::nanoTime, seldom());
        for (Connector connector : server.getConnectors()) {
            if (!(connector instanceof ServerConnector network)) continue;
            network.getSelectorManager().addEventListener(connections);
            installed.add(() -> network.getSelectorManager().removeEventListener(connections));
            HttpConnectionFactory http = network.getConnectionFactory(HttpConnectionFactory.class);
            if (http != null) {
                http.addEventListener(heads);
                http.getHttpConfiguration().addCustomizer(heads);
                installed.add(() -> {
                    http.getHttpConfiguration().removeCustomizer(heads);
                    http.removeEventListener(heads);
                });
            }
        }
        ScheduledExecutorService looks =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("domain-runtime-connections").daemon().factory());
        ScheduledFuture<?> looking =
                looks.scheduleWithFixedDelay(
                        () -> look(heads), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        installed.add(() -> {
            looking.cancel(false);
            looks.shutdown();
        });
    }

    private static SeldomLog seldom() {
        return new SeldomLog(LOG, System::nanoTime);
    }

    private static void look(SlowHeads heads) {
        try {
            heads.look();
        } catch (RuntimeException e) {
            LOG.error("a look at the connections failed; the next one follows", e);
        }
    }
}
