// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Subscribers of one task as server-sent events, a thread and a connection each. A change is made
 * when all have been told of the one before, so that none is left out.
 */
final class FanOut {
    private static final long PATIENCE_SECONDS = 30;

    /** A space after the colon is no part of what it tells; Spring writes none. */
    private static final Pattern EVENT =
            Pattern.compile("event: ?next\ndata: ?" + Pattern.quote(Json.DATA));

    private FanOut() {}

    /**
     * Measures events delivered.
     *
     * @param subscription request of a subscriber
     * @param changes requests that change the task, sent in turn
     */
    static Measured run(
            Server server,
            int subscribers,
            byte[] subscription,
            List<byte[]> changes,
            double warmUp,
            double window)
            throws Exception {
        Semaphore told = new Semaphore(0);
        List<Connection> streams = new ArrayList<>();
        try (Connection changer = new Connection(server.uri())) {
            // So that the first change is one, whatever the window before has left.
            changer.exchange(changes.getLast());
            for (int i = 0; i < subscribers; i++) {
                Connection stream = new Connection(server.uri());
                streams.add(stream);
                stream.open(subscription);
                Thread.ofPlatform()
                        .daemon()
                        .name("subscriber-" + i)
                        .start(() -> read(stream, told));
            }
            await(server, told, subscribers);
            return change(server, subscribers, changer, changes, told, warmUp, window);
        } finally {
            for (Connection stream : streams) stream.close();
        }
    }

    private static Measured change(
            Server server,
            int subscribers,
            Connection changer,
            List<byte[]> changes,
            Semaphore told,
            double warmUp,
            double window)
            throws Exception {
        long start = System.nanoTime();
        long begin = start + (long) (warmUp * 1e9);
        long end = begin + (long) (window * 1e9);
        long counted = 0;
        double before = 0;
        long[] nanos = new long[1024];
        int count = 0;
        long sent = start;
        for (int i = 0; sent < end; i = (i + 1) % changes.size()) {
            if (counted == 0 && sent >= begin) {
                before = server.processorSeconds();
                counted = System.nanoTime();
                sent = counted;
            }
            changer.exchange(changes.get(i));
            await(server, told, subscribers);
            long done = System.nanoTime();
            if (counted != 0) {
                if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
                nanos[count++] = done - sent;
            }
            sent = done;
        }
        double processor = server.processorSeconds() - before;
        if (told.availablePermits() != 0)
            throw new IllegalStateException(server.name() + " sent more events than changes");
        return Measured.of(
                Arrays.copyOf(nanos, count), subscribers, (sent - counted) / 1e9, processor);
    }

    private static void await(Server server, Semaphore told, int subscribers)
            throws InterruptedException {
        if (!told.tryAcquire(subscribers, PATIENCE_SECONDS, TimeUnit.SECONDS))
            throw new IllegalStateException(
                    server.name()
                            + " told "
                            + told.availablePermits()
                            + " of "
                            + subscribers
                            + " subscribers of a change");
    }

    /* Ends when the stream is closed; a stream that broke shows in a change that not all heard of. */
    private static void read(Connection stream, Semaphore told) {
        StringBuilder text = new StringBuilder();
        try {
            for (byte[] chunk = stream.chunk(); chunk.length > 0; chunk = stream.chunk()) {
                text.append(new String(chunk, StandardCharsets.UTF_8));
                // Servers cut chunks where they like.
                int end = text.lastIndexOf("\n\n");
                if (end < 0) continue;
                int events = events(text.substring(0, end));
                text.delete(0, end + 2);
                if (events > 0) told.release(events);
            }
        } catch (IOException closed) {
            // Whoever closed it no longer counts.
            return;
        }
    }

    /** How many events with data of an operation there are in a part of a stream. */
    static int events(String part) {
        return (int) EVENT.matcher(part).results().count();
    }
}
