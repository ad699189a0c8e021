// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses of the garbage collector over the last minute, as the Java runtime tells them: to the
 * millisecond, shorter ones as none. Concurrent cycles are no pauses. Thread-safe; to be closed,
 * for the runtime holds the listener.
 */
final class GcPauses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GcPauses.class);
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 10_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private record Pause(long atNanos, long millis) {}

    private final LongSupplier nanoTime;
    private final long since;
    private final NotificationListener listener = (notification, handback) -> told(notification);
    private final List<NotificationEmitter> emitters = new ArrayList<>();

    /* Guarded by this. */
    private final ArrayDeque<Pause> pauses = new ArrayDeque<>();

    GcPauses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        since = nanoTime.getAsLong();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (!collector.getName().endsWith("Cycles")
                    && collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(listener, null, null);
                emitters.add(emitter);
            }
        }
    }

    private void told(Notification notification) {
        if (notification.getUserData() instanceof CompositeData collection
                && collection.containsKey("gcInfo")
                && collection.get("gcInfo") instanceof CompositeData facts
                && facts.get("duration") instanceof Long millis) {
            pause(millis);
        }
    }

    synchronized void pause(long millis) {
        trim();
        if (pauses.size() == MOST) {
            pauses.removeFirst();
        }
        pauses.addLast(new Pause(nanoTime.getAsLong(), millis));
    }

    private void trim() {
        long now = nanoTime.getAsLong();
        while (!pauses.isEmpty() && now - pauses.getFirst().atNanos() > WINDOW_NANOS) {
            pauses.removeFirst();
        }
    }

    /** Share of the last minute, or of the time since the beginning, 0.0 to 1.0. */
    synchronized double share() {
        trim();
        double watched = Math.min(nanoTime.getAsLong() - since, WINDOW_NANOS);
        double paused = pauses.stream().mapToLong(Pause::millis).sum() * NANOS_PER_MILLI;
        return watched <= 0 ? 0 : Math.clamp(paused / watched, 0.0, 1.0);
    }

    /** Number of pauses in the last minute. */
    synchronized int count() {
        trim();
        return pauses.size();
    }

    /** The longest of the last minute; zero: there was none. */
    synchronized Duration longest() {
        trim();
        return Duration.ofMillis(pauses.stream().mapToLong(Pause::millis).max().orElse(0));
    }

    @Override
    public void close() {
        for (NotificationEmitter emitter : emitters) {
            try {
                emitter.removeNotificationListener(listener);
            } catch (ListenerNotFoundException gone) {
                LOG.debug("a collector forgot its listener", gone);
            }
        }
        emitters.clear();
    }
}
