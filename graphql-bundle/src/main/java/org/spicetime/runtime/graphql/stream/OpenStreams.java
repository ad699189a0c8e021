// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The streams that are open, so that those whose fields left the schema can be ended. Thread-safe.
 */
public final class OpenStreams {
    /** Over how long the ends of streams are spread, as their clients all come back at once. */
    static final Duration SPREAD = Duration.ofSeconds(3);

    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final Later later;

    public OpenStreams() {
        this((delayNanos, action) ->
                CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS)
                        .execute(action));
    }

    OpenStreams(Later later) {
        this.later = later;
    }

    /** Ends the streams whose fields left the schema: the first now, the others evenly later. */
    public void sweep() {
        List<Runnable> ends = new ArrayList<>();
        for (Stream stream : streams) {
            RuntimeException cut = stream.cut();
            if (cut != null) ends.add(() -> stream.fail(cut));
        }
        for (int i = 0; i < ends.size(); i++) {
            if (i == 0) ends.get(i).run();
            else later.run(SPREAD.toNanos() / ends.size() * i, ends.get(i));
        }
    }

    /** Cancels all streams, as their readers could. */
    public void cancelAll() {
        streams.forEach(Stream::cancel);
    }

    /** How many are open. */
    public int count() {
        return streams.size();
    }

    /** How many are open on each generation of the schema that has any. */
    public Map<Integer, Integer> countByGeneration() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (Stream stream : streams) counts.merge(stream.generation(), 1, Integer::sum);
        return counts;
    }

    void add(Stream stream) {
        streams.add(stream);
    }

    /** False: it was removed before. */
    boolean remove(Stream stream) {
        return streams.remove(stream);
    }

    /** Runs actions later. */
    interface Later {
        void run(long delayNanos, Runnable action);
    }

    /** An open stream. */
    interface Stream {
        /** Why it must end; null: it need not. */
        @Nullable RuntimeException cut();

        /** The generation of the schema it was opened on. */
        int generation();

        void cancel();

        void fail(RuntimeException cause);
    }
}
