// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongConsumer;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP client of one domain, started with its first request, and its connections. Follows no
 * redirect, keeps no cookies, answers no challenge: what the server said is what the caller gets.
 * Thread-safe.
 */
final class Transport {

    /** What callers are told after the end. */
    static final String CLOSED = "the network of the domain is closed";

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
    private static final int MAX_THREADS = 8;
    private static final int MANY = 10_000;
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final String name;
    private final OpenConnections connections;
    private final LongConsumer moved;
    private final Object lock = new Object();
    private @Nullable HttpClient client;
    private @Nullable Timer timer;
    private boolean stopped;

    /**
     * Not started yet.
     *
     * @param name of the threads
     * @param moved told of bytes sent or received, at once and by any thread
     */
    Transport(String name, OpenConnections connections, LongConsumer moved) {
        this.name = name;
        this.connections = connections;
        this.moved = moved;
    }

    /** The client, started if it was not yet. */
    HttpClient client() throws IllegalStateException {
        synchronized (lock) {
            if (stopped) {
                throw new IllegalStateException(CLOSED);
            }
            if (client == null) {
                client = started();
            }
            return client;
        }
    }

    /** Makes sockets that count. */
    private static final class Connector extends ClientConnector {
        private final LongConsumer moved;

        Connector(LongConsumer moved) {
            this.moved = moved;
        }

        @Override
        protected EndPoint newEndPoint(
                SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            return new CountingEndPoint(
                    (SocketChannel) channel, selector, key, getScheduler(), moved);
        }
    }

    /** A timer that can be waited for up to the end of its thread, which the executor does not. */
    private static final class Timer {
        private final List<Thread> threads = new CopyOnWriteArrayList<>();
        private final String name;
        private final ScheduledThreadPoolExecutor executor;

        Timer(String name) {
            this.name = name;
            executor = new ScheduledThreadPoolExecutor(1, this::thread);
            executor.setRemoveOnCancelPolicy(true);
        }

        private Thread thread(Runnable work) {
            Thread made = Thread.ofPlatform().daemon().name(name).unstarted(work);
            threads.add(made);
            return made;
        }

        ScheduledExecutorScheduler scheduler() {
            return new ScheduledExecutorScheduler(executor);
        }

        void stop() {
            executor.shutdownNow();
            Deadline deadline = Deadline.in(STOP_LIMIT);
            try {
                for (Thread thread : threads) {
                    if (!thread.join(Duration.ofNanos(Math.max(0, deadline.left())))) {
                        LOG.warn("{} did not end within {}", name, STOP_LIMIT);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HttpClient started() {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
        threads.setName(name);
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setStopTimeout(STOP_LIMIT.toMillis());
        ClientConnector connector = new Connector(moved);
        connector.setSelectors(1);
        HttpClient made = new HttpClient(new HttpClientTransportOverHTTP(connector));
        made.setName(name);
        made.setExecutor(threads);
        Timer timing = new Timer(name + "-timer");
        timer = timing;
        made.setScheduler(timing.scheduler());
        made.setHttpCookieStore(new HttpCookieStore.Empty());
        made.setFollowRedirects(false);
        made.setConnectTimeout(CONNECT_LIMIT.toMillis());
        made.setAddressResolutionTimeout(CONNECT_LIMIT.toMillis());
        made.setIdleTimeout(IDLE_LIMIT.toMillis());
        made.setDestinationIdleTimeout(2 * IDLE_LIMIT.toMillis());
        made.setMaxConnectionsPerDestination(MANY);
        made.setMaxRequestsQueuedPerDestination(MANY);
        made.setMaxResponseHeadersSize(MAX_HEADER_BYTES);
        made.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "SpiceTime-Domain-Runtime"));
        made.addBean(connections);
        try {
            made.start();
        } catch (Exception e) {
            stop(made);
            throw new IllegalStateException("the network client of " + name + " cannot start", e);
        }
        made.getProtocolHandlers().clear();
        made.getContentDecoderFactories().clear();
        return made;
    }

    /**
     * Sends a request. Connections that idle at other addresses give way first, so that no more
     * than the given number are open.
     */
    void send(Request request, Attempt attempt, int mostConnections) {
        synchronized (lock) {
            HttpClient started = client();
            Destination own = started.resolveDestination(request);
            if (idle(own) == 0) {
                while (open(started) >= mostConnections && closeIdle(started, own)) {
                    LOG.debug("{}: closed an idle connection to make room", name);
                }
            }
            request.send(attempt);
        }
    }

    private static int open(HttpClient client) {
        int open = 0;
        for (Destination destination : client.getDestinations()) {
            open += pool(destination).getConnectionCount();
        }
        return open;
    }

    private static int idle(Destination destination) {
        return pool(destination).getIdleConnectionCount();
    }

    private static boolean closeIdle(HttpClient client, Destination keep) {
        Origin kept = keep.getOrigin();
        for (Destination destination : client.getDestinations()) {
            if (!destination.getOrigin().equals(kept)) {
                Connection idle = pool(destination).acquire(false);
                if (idle != null) {
                    idle.close();
                    return true;
                }
            }
        }
        return false;
    }

    private static AbstractConnectionPool pool(Destination destination) {
        return (AbstractConnectionPool) destination.getConnectionPool();
    }

    /** Closes all connections and waits for the threads. Twice does nothing. */
    void stop() {
        HttpClient started;
        Timer timing;
        synchronized (lock) {
            stopped = true;
            started = client;
            client = null;
            timing = timer;
            timer = null;
        }
        if (started != null) {
            stop(started);
        }
        if (timing != null) {
            timing.stop();
        }
    }

    private void stop(HttpClient started) {
        try {
            started.stop();
        } catch (Exception e) {
            LOG.warn("the network client of {} did not stop cleanly", name, e);
        }
    }
}
