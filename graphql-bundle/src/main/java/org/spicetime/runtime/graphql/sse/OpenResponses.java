// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.graphql.websocket.ThreadTimer;
import org.spicetime.runtime.graphql.websocket.Timer;

/**
 * All responses that stay open: keeps them alive, and ends those whose reader takes nothing any
 * more, or no longer is who they were. Thread-safe.
 */
public final class OpenResponses implements AutoCloseable {
    /** A heartbeat goes out this often, so that nobody on the way takes a response for dead. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(12);

    static final Duration STUCK = Duration.ofSeconds(30);
    private static final int TICKS_PER_HEARTBEAT = 6;

    private final Duration tick;
    private final Timer timer;
    private final LongSupplier nanoTime;
    private final Set<EventWriter> open = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<Runnable> onTick = new CopyOnWriteArrayList<>();
    private volatile Predicate<Caller> holds = caller -> true;
    private volatile boolean closing;
    private int ticks;

    /** With a timer thread of its own. */
    public static OpenResponses start(Duration heartbeat) {
        return new OpenResponses(heartbeat, new ThreadTimer("graphql-sse-timer"), System::nanoTime);
    }

    /**
     * @param heartbeat how often one goes out
     * @param timer closed with this
     * @param nanoTime a clock as System.nanoTime
     */
    public OpenResponses(Duration heartbeat, Timer timer, LongSupplier nanoTime) {
        this.tick = heartbeat.dividedBy(TICKS_PER_HEARTBEAT);
        this.timer = timer;
        this.nanoTime = nanoTime;
        var _ = timer.after(tick, this::tick);
    }

    /** Responses are for those of whom this is true; asked every two seconds. */
    public void onlyWhile(Predicate<Caller> condition) {
        holds = condition;
    }

    /** How many there are. */
    public int count() {
        return open.size();
    }

    /** Ends all as they are, so that clients connect again. */
    public void closeAll() {
        open.forEach(EventWriter::drop);
    }

    @Override
    public void close() {
        closing = true;
        closeAll();
        timer.close();
    }

    /**
     * A response that is not connected yet.
     *
     * @param caller for whom it is
     * @param onGone told once, when nothing is sent any more
     */
    EventWriter opened(
            String requestId, byte[] heartbeat, @Nullable Caller caller, Runnable onGone) {
        AtomicReference<EventWriter> made = new AtomicReference<>();
        EventWriter writer =
                new EventWriter(
                        requestId,
                        heartbeat,
                        caller,
                        nanoTime,
                        () -> {
                            open.remove(made.get());
                            onGone.run();
                        });
        made.set(writer);
        open.add(writer);
        if (closing) writer.drop();
        return writer;
    }

    /** Has something done now and then. */
    void onTick(Runnable action) {
        onTick.add(action);
    }

    long nanos() {
        return nanoTime.getAsLong();
    }

    private void tick() {
        try {
            boolean beat = ++ticks % TICKS_PER_HEARTBEAT == 0;
            for (EventWriter writer : open) {
                Caller caller = writer.caller();
                if (writer.stuckNanos() >= STUCK.toNanos()) writer.drop();
                else if (caller != null && !holds.test(caller)) writer.drop();
                else if (beat) writer.beat();
            }
            onTick.forEach(Runnable::run);
        } finally {
            var _ = timer.after(tick, this::tick);
        }
    }
}
