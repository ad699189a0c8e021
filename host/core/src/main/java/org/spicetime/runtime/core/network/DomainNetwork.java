// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkClient;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.network.NetworkMetrics;
import org.spicetime.runtime.api.task.WaitReason;
import org.spicetime.runtime.core.waiting.OffSlot;

/**
 * The network of one domain: HTTP/1.1 within its limits. No more connections are open than the
 * configuration, and a grant, allow; a caller without one waits. Redirects are not followed: a 3xx
 * is an answer like any other. A task has no slot while it waits for its answer. A connection that
 * cannot be made is given up after 15 seconds, even without a time-out. Thread-safe.
 */
public final class DomainNetwork implements NetworkClient, AutoCloseable {

    /** Wakes every caller that waits for a connection. */
    private static final int ALL = 1_000_000;

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

    /**
     * What a grant allows beside the configuration. Immutable.
     *
     * @param connections most connections; empty: the configuration alone
     * @param bytesPerSecond in both directions together; empty: no limit
     */
    public record Grant(OptionalInt connections, OptionalDouble bytesPerSecond) {
        /** The configuration alone holds. */
        public static final Grant NONE = new Grant(OptionalInt.empty(), OptionalDouble.empty());

        /** Largest bandwidth that can be limited, bytes per second. */
        public static final double MOST_BYTES_PER_SECOND = Throttle.MOST_BYTES_PER_SECOND;
    }

    private record Limits(NetworkConfig config, int connections) {
        static Limits of(NetworkConfig config, Grant grant) {
            int granted = Math.max(1, grant.connections().orElse(config.maxConnections()));
            return new Limits(config, Math.min(config.maxConnections(), granted));
        }
    }

    private final Traffic traffic = new Traffic(System::nanoTime);
    private final Throttle throttle = new Throttle();
    private final OpenConnections connections = new OpenConnections();
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
     * @param grant further limits
     */
    public DomainNetwork(DomainId domain, NetworkConfig config, Grant grant) {
        limits = Limits.of(config, grant);
        throttle.limit(grant.bytesPerSecond());
        transport = new Transport(domain.value() + "-network", connections, this::moved);
        permits = new Permits(limits.connections());
    }

    /** Other limits, in force for calls and retries from now on. */
    public synchronized void reconfigure(NetworkConfig config, Grant grant) {
        Limits former = limits;
        limits = Limits.of(config, grant);
        throttle.limit(grant.bytesPerSecond());
        permits.change(limits.connections() - former.connections());
    }

    private void moved(long bytes) {
        traffic.moved(bytes);
        throttle.charge(bytes);
    }

    /** What was measured. */
    public NetworkMetrics metrics() {
        return new NetworkMetrics(
                throttle.limit(),
                traffic.roundTripMillis(),
                connections.count(),
                traffic.bytesPerSecond());
    }

    /** Most connections that may be open now. */
    public int mostConnections() {
        return limits.connections();
    }

    /** Bytes sent and received since the beginning, headers included. */
    public long bytes() {
        return traffic.total();
    }

    @Override
    public HttpReply exchange(HttpCall call) throws NetworkException, InterruptedException {
        try (OffSlot _ = OffSlot.leave(WaitReason.IO, "network")) {
            return exchangeOffSlot(call);
        }
    }

    private HttpReply exchangeOffSlot(HttpCall call) throws NetworkException, InterruptedException {
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
        long paying = throttle.delayNanos();
        if (paying >= deadline.left()) {
            return Failures.late(call, deadline, Failures.Missing.BANDWIDTH);
        }
        if (paying > 0 && closed.await(paying, TimeUnit.NANOSECONDS)) {
            throw Failures.exception(call, Transport.CLOSED, null);
        }
        if (!permits.tryAcquire(deadline.left(), TimeUnit.NANOSECONDS)) {
            return Failures.late(call, deadline, Failures.Missing.CONNECTION);
        }
        AtomicBoolean given = new AtomicBoolean();
        Runnable giveBack =
                () -> {
                    if (!given.getAndSet(true)) {
                        permits.release();
                    }
                };
        try {
            if (closed.getCount() == 0) {
                throw new IllegalStateException(Transport.CLOSED);
            }
            HttpClient client = transport.client();
            Attempt attempt =
                    new Attempt(call.maxResponseBytes(), throttle, client.getScheduler(), giveBack);
            Request request =
                    Requests.of(call, client, limits.config().compression(), attempt::paced);
            request.onRequestBegin(attempt);
            transport.send(request, attempt, limits.connections());
            return outcome(call, deadline, request, attempt);
        } catch (IllegalStateException | IllegalArgumentException unsendable) {
            giveBack.run();
            throw Failures.exception(call, String.valueOf(unsendable.getMessage()), unsendable);
        }
    }

    private Outcome outcome(HttpCall call, Deadline deadline, Request request, Attempt attempt)
            throws InterruptedException {
        try {
            if (!attempt.await(deadline.left())) {
                abort(request, new TimeoutException("out of time"));
                return Failures.late(call, deadline, Failures.Missing.ANSWER);
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

    /** Ends every call with a {@link NetworkException}, and waits for the threads. */
    @Override
    public void close() {
        closed.countDown();
        permits.release(ALL);
        transport.stop();
    }
}
