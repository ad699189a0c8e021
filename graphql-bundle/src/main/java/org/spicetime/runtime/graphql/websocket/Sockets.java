// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.transport.RequestIds;

/**
 * All sockets of this endpoint, with what they share and how many there may be. Closing it closes
 * them, with the code that makes clients connect again later. Thread-safe.
 */
public final class Sockets implements AutoCloseable {
    static final int PER_USER = 20;
    static final int WAITING_PER_ADDRESS = 20;
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Supplier<@Nullable Engine> engines;
    private final Supplier<@Nullable Authenticator> authenticators;
    private final RequestIds ids;
    private final Timer timer;
    private final LongSupplier nanoTime;
    private final Set<GraphQlConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> openByUser = new ConcurrentHashMap<>();
    private final Map<String, Integer> waitingByAddress = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /** With a timer thread of its own. */
    public static Sockets start(
            Supplier<@Nullable Engine> engines,
            Supplier<@Nullable Authenticator> authenticators,
            RequestIds ids) {
        return new Sockets(
                engines,
                authenticators,
                ids,
                new ThreadTimer("graphql-socket-timer"),
                System::nanoTime);
    }

    Sockets(
            Supplier<@Nullable Engine> engines,
            Supplier<@Nullable Authenticator> authenticators,
            RequestIds ids,
            Timer timer,
            LongSupplier nanoTime) {
        this.engines = engines;
        this.authenticators = authenticators;
        this.ids = ids;
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    /** Whether this address has too many sockets on which nobody has signed in yet. */
    public boolean tooManyWaiting(String address) {
        return waitingByAddress.getOrDefault(address, 0) >= WAITING_PER_ADDRESS;
    }

    /** Closes all sockets: there is no engine any more. */
    public void closeAll() {
        for (GraphQlConnection connection : open) connection.close(CloseCode.GOING_AWAY);
    }

    /** Closes all sockets, gives them a moment to say so, and ends the timer. */
    @Override
    public void close() {
        closing = true;
        closeAll();
        long end = System.nanoTime() + FAREWELL.toNanos();
        synchronized (open) {
            while (!open.isEmpty()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) break;
                try {
                    open.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
        }
        timer.close();
    }

    int count() {
        return open.size();
    }

    void opened(GraphQlConnection connection, String address) {
        open.add(connection);
        waitingByAddress.merge(address, 1, Integer::sum);
        if (closing) connection.close(CloseCode.GOING_AWAY);
    }

    /** The socket no longer waits for a sign-in. Once for each that was opened. */
    void decided(String address) {
        release(waitingByAddress, address);
    }

    /** Whether one more socket of this user may be. */
    boolean signedIn(Caller caller) {
        return openByUser.merge(caller.name(), 1, Integer::sum) <= PER_USER;
    }

    /** The socket is gone. */
    void closed(GraphQlConnection connection, @Nullable Caller signedIn) {
        if (signedIn != null) release(openByUser, signedIn.name());
        synchronized (open) {
            open.remove(connection);
            open.notifyAll();
        }
    }

    private static void release(Map<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (same, count) -> count > 1 ? count - 1 : null);
    }

    @Nullable Engine engine() {
        return engines.get();
    }

    @Nullable Authenticator authenticator() {
        return authenticators.get();
    }

    /** Whether this caller still is who they were. While nobody can tell they are. */
    boolean holds(Caller caller) {
        Authenticator authenticator = authenticators.get();
        return authenticator == null || authenticator.holds(caller);
    }

    RequestIds ids() {
        return ids;
    }

    Timer timer() {
        return timer;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }
}
