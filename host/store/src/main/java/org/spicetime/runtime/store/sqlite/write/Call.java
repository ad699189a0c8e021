// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.store.Ack;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.TaskEvent;

/** What is handed to the writer. */
sealed interface Call {

    /** Of an event without a payload. */
    long USUAL_BYTES = 256;

    /** How many events of a batch it counts for. */
    int weight();

    /** About how many bytes of a batch it counts for. */
    long bytes();

    /** It did not come about. */
    void fail(Throwable why);

    /**
     * Events to be remembered. Immutable.
     *
     * @param handedOver {@link System#nanoTime()} of the append
     * @param room given back when the append is over
     */
    record Append(
            Lease lease,
            List<StoreEvent> events,
            @Nullable Reservation room,
            long handedOver,
            CompletableFuture<Ack> done)
            implements Call {

        @Override
        public int weight() {
            return events.size();
        }

        @Override
        public long bytes() {
            long bytes = room == null ? 0 : room.bytes();
            for (StoreEvent event : events) {
                bytes += bytesOf(event);
            }
            return bytes;
        }

        /* What was admitted is counted by its room. */
        private static long bytesOf(StoreEvent event) {
            return switch (event) {
                case TaskEvent.Completed(_, _, _, Payload result, _) when result != null ->
                        USUAL_BYTES + result.size();
                case TaskEvent.AttemptLogged logged ->
                        logged.lines().stream()
                                .mapToLong(line -> USUAL_BYTES + line.text().length())
                                .sum();
                default -> USUAL_BYTES;
            };
        }

        @Override
        public void fail(Throwable why) {
            done.completeExceptionally(why);
        }
    }

    /** Something done in a transaction of its own. Immutable. */
    record Job<T>(Work<T> work, CompletableFuture<T> done) implements Call {

        @Override
        public int weight() {
            return 1;
        }

        @Override
        public long bytes() {
            return USUAL_BYTES;
        }

        @Override
        public void fail(Throwable why) {
            done.completeExceptionally(why);
        }
    }

    /**
     * Work in a transaction.
     *
     * @param <T> its result
     */
    @FunctionalInterface
    interface Work<T> {
        /** Does it; what it changed is written when it returns. */
        T run(Batch batch) throws SQLException;
    }
}
