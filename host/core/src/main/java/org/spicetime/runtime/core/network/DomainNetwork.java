// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkClient;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.network.NetworkMetrics;

/**
 * The network of one domain: HTTP/1.1 within its limits. No more connections are open than the
 * configuration, and a grant, allow; a caller without one waits. Redirects are not followed: a 3xx
 * is an answer like any other. A connection that cannot be made is given up after 15 seconds, even
 * without a time-out. Thread-safe.
 */
public final class DomainNetwork implements NetworkClient, AutoCloseable {

    /** Wakes every caller that waits for a connection. */
    private static final int ALL = 1_000_000;

    private static final Set<String> OWN_HEADERS =
            Set.of("content-length", "transfer-encoding", "connection", "upgrade", "expect");

    /** A semaphore whose permits can be taken away while they are out. */
    private static final class Permits extends Semaphore {
        private static final long serialVersionUID = 1L;

        Permits(int permits) {
            super(permits, true);
        }

        void change(int more) {
            if (more > 0) {
                release(more);
            } else {
                reducePermits(-more);
            }
        }
    }

    private record Limits(NetworkConfig config, int connections) {
        static Limits of(NetworkConfig config, OptionalInt cap) {
            int granted = Math.max(1, cap.orElse(config.maxConnections()));
            return new Limits(config, Math.min(config.maxConnections(), granted));
        }
    }

    private final Traffic traffic = new Traffic(System::nanoTime);
    private final OpenConnections connections = new OpenConnections(traffic);
    private final Retries retries =
            new Retries(InstantSource.system(), () -> ThreadLocalRandom.current().nextDouble());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Transport transport;
    private final Permits permits;
    private volatile Limits limits;

    /**
     * The network of a domain. Starts no thread before the first call.
     *
     * @param domain gives its name to the threads
     * @param config limits
     * @param connectionCap most connections by a grant; empty: the configuration alone
     */
    public DomainNetwork(DomainId domain, NetworkConfig config, OptionalInt connectionCap) {
        limits = Limits.of(config, connectionCap);
        transport = new Transport(domain.value() + "-network", connections);
        permits = new Permits(limits.connections());
    }

    /** Other limits, in force for calls and retries from now on. */
    public synchronized void reconfigure(NetworkConfig config, OptionalInt connectionCap) {
        Limits former = limits;
        limits = Limits.of(config, connectionCap);
        permits.change(limits.connections() - former.connections());
    }

    /** What was measured. */
    public NetworkMetrics metrics() {
        connections.countAll();
        return new NetworkMetrics(
                OptionalDouble.empty(),
                traffic.roundTripMillis(),
                connections.count(),
                traffic.bytesPerSecond());
    }

    /** Bytes sent and received since the beginning, headers included. */
    public long bytes() {
        connections.countAll();
        return traffic.total();
    }

    @Override
    public HttpReply exchange(HttpCall call) throws NetworkException, InterruptedException {
        Deadline deadline = Deadline.in(limits.config().timeout());
        for (int attempt = 1; ; attempt++) {
            Outcome outcome = attempt(call, deadline);
            Optional<Duration> delay =
                    retries.delay(limits.config().retryPolicy(), call.method(), attempt, outcome);
            if (delay.isEmpty()
                    || delay.get().toNanos() >= deadline.left()
                    || closed.await(delay.get().toNanos(), TimeUnit.NANOSECONDS)) {
                return outcome.reply();
            }
        }
    }

    private Outcome attempt(HttpCall call, Deadline deadline)
            throws NetworkException, InterruptedException {
        if (!permits.tryAcquire(deadline.left(), TimeUnit.NANOSECONDS)) {
            return Failures.late(call, deadline, false);
        }
        Attempt attempt = new Attempt(call.maxResponseBytes(), connections, permits::release);
        Request request;
        try {
            if (closed.getCount() == 0) {
                throw new IllegalStateException(Transport.CLOSED);
            }
            request = request(call, transport.client());
            request.onRequestBegin(attempt);
            transport.send(request, attempt, limits.connections());
        } catch (IllegalStateException | IllegalArgumentException unsendable) {
            attempt.end();
            throw Failures.exception(call, String.valueOf(unsendable.getMessage()), unsendable);
        }
        return outcome(call, deadline, request, attempt);
    }

    private Outcome outcome(HttpCall call, Deadline deadline, Request request, Attempt attempt)
            throws InterruptedException {
        try {
            if (!attempt.await(deadline.left())) {
                abort(request, new TimeoutException("out of time"));
                return Failures.late(call, deadline, true);
            }
        } catch (InterruptedException cancelled) {
            abort(request, cancelled);
            throw cancelled;
        }
        Throwable failure = attempt.failure();
        if (failure != null) {
            return Failures.of(call, attempt.begun(), failure);
        }
        try {
            HttpReply reply = attempt.reply();
            traffic.roundTrip(attempt.roundTripNanos());
            return new Outcome.Answered(reply);
        } catch (Attempt.TooLargeException | IOException undecodable) {
            return Failures.of(call, true, undecodable);
        }
    }

    /* The end is told to the attempt's listener. */
    private static void abort(Request request, Exception why) {
        var _ = request.abort(why);
    }

    private Request request(HttpCall call, HttpClient client) {
        Request request =
                client.newRequest(call.uri())
                        .method(call.method())
                        .idleTimeout(0, TimeUnit.MILLISECONDS);
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            checkHeader(header.getKey(), header.getValue());
        }
        request.headers(headers -> {
            if (limits.config().compression()) {
                headers.put("Accept-Encoding", "gzip");
            }
            call.headers().forEach(headers::put);
        });
        Payload body = call.body();
        if (body != null) {
            request.body(new BytesRequestContent(body.contentType(), body.bytes()));
        }
        return request;
    }

    private static void checkHeader(String name, String value) {
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}")) {
            throw new IllegalArgumentException(
                    "header names are tokens, one was \"" + shown(name) + '"');
        }
        if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header " + name + " is set by the host alone");
        }
        if (value.length() > 8192
                || value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 127)) {
            throw new IllegalArgumentException(
                    "the value of header "
                            + name
                            + " must have up to 8192 characters and no control characters");
        }
    }

    private static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > 64 ? clean.substring(0, 64) + "..." : clean;
    }

    /** Ends every call with a {@link NetworkException}, and waits for the threads. */
    @Override
    public void close() {
        closed.countDown();
        permits.release(ALL);
        transport.stop();
    }
}
