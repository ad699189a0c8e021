// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import graphql.language.OperationDefinition;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;

/**
 * The open streams of one generation, those together whose responses to an event are equal: the
 * same operation of the same document, the same variables, the same caller. An event is executed
 * and written once for a group. What belongs to one reader stays apart: what waits for it, what it
 * missed, and how fast it reads. Thread-safe.
 */
final class RenderGroups {
    /** How long a response stands for its event: fields below may tell of the moment they run. */
    static final long KEPT_NANOS = 1_000_000_000;

    private static final int KEPT = 16;

    private final LongSupplier nanos;

    @GuardedBy("this")
    private final Map<Key, Group> groups = new HashMap<>();

    /**
     * @param nanos a clock as System.nanoTime
     */
    RenderGroups(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** One more stream of that kind is open. */
    synchronized Group join(Key key) {
        Group group = groups.computeIfAbsent(key, _ -> new Group());
        group.members(1);
        return group;
    }

    /** One stream of that kind ended. */
    synchronized void leave(Key key) {
        Group group = groups.get(key);
        if (group != null && group.members(-1) == 0) groups.remove(key);
    }

    /** How many groups there are. */
    synchronized int count() {
        return groups.size();
    }

    /**
     * What makes responses equal. Immutable.
     *
     * @param operation of a document prepared for this generation; it equals itself alone
     */
    record Key(
            OperationDefinition operation,
            Map<String, @Nullable Object> variables,
            Caller caller) {}

    /** The streams of one kind. Thread-safe. */
    final class Group {
        @GuardedBy("this")
        private int members;

        @GuardedBy("this")
        private final LinkedHashMap<Object, Made> made = new LinkedHashMap<>();

        private synchronized int members(int more) {
            members += more;
            if (members < 2) made.clear();
            return members;
        }

        /**
         * The response to an event, made by whoever comes first. One with errors is nobody else's:
         * it names the request it belongs to.
         */
        Answer render(Object event, Supplier<Answer> rendering) {
            CompletableFuture<@Nullable Answer> mine = new CompletableFuture<>();
            CompletableFuture<@Nullable Answer> known = first(event, mine);
            if (known != null) {
                Answer shared = known.join();
                return shared == null ? rendering.get() : shared;
            }
            Answer shared = null;
            try {
                Answer answer = rendering.get();
                if (answer.map().containsKey("errors")) return answer;
                shared = new SharedAnswer(answer);
                return shared;
            } finally {
                mine.complete(shared);
            }
        }

        /** The response that somebody makes or made; null: nobody has, mine is the one. */
        private synchronized @Nullable CompletableFuture<@Nullable Answer> first(
                Object event, CompletableFuture<@Nullable Answer> mine) {
            if (members < 2) return null;
            long now = nanos.getAsLong();
            Made known = made.get(event);
            if (known != null && now - known.atNanos() < KEPT_NANOS) return known.answer();
            made.remove(event);
            if (made.size() == KEPT)
                made.remove(Objects.requireNonNull(made.firstEntry()).getKey());
            made.put(event, new Made(mine, now));
            return null;
        }
    }

    /**
     * @param answer null: it cannot be shared
     */
    private record Made(CompletableFuture<@Nullable Answer> answer, long atNanos) {}
}
