// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;

/**
 * All streams that carry several operations ("single connection mode" of GraphQL over SSE), from
 * their reservation on, and how many there may be. Thread-safe.
 */
public final class SharedStreams {
    /** Reserved or connected. */
    public static final int PER_USER = 20;

    /** How long a place is kept for a reader that does not come. */
    public static final Duration RESERVATION = Duration.ofSeconds(30);

    private static final int TOKEN_BYTES = 32;

    private final OpenResponses responses;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, SharedStream> byToken = new ConcurrentHashMap<>();
    private final Places places = new Places(PER_USER);

    public SharedStreams(OpenResponses responses) {
        this.responses = responses;
        responses.onTick(this::expire);
    }

    /**
     * A new stream, for whoever comes with its token. A user who has too many loses the oldest that
     * nobody has come for yet.
     *
     * @return empty: the user has too many readers
     */
    public Optional<SharedStream> reserve(Caller caller, String requestId) {
        String user = caller.name();
        if (!places.take(user) && !dropOldest(user)) {
            places.release(user);
            // Readers that are gone are noticed by what is sent to them.
            for (SharedStream stream : byToken.values()) {
                if (stream.user().equals(user)) stream.probe();
            }
            return Optional.empty();
        }
        byte[] secret = new byte[TOKEN_BYTES];
        random.nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        SharedStream stream =
                new SharedStream(
                        token,
                        caller,
                        requestId,
                        responses,
                        () -> {
                            byToken.remove(token);
                            places.release(user);
                        });
        byToken.put(token, stream);
        if (stream.isGone()) byToken.remove(token);
        return Optional.of(stream);
    }

    /** The stream of a token, if it is of this user. */
    public Optional<SharedStream> find(@Nullable String token, Caller caller) {
        return token == null
                ? Optional.empty()
                : Optional.ofNullable(byToken.get(token))
                        .filter(stream -> stream.user().equals(caller.name()));
    }

    private boolean dropOldest(String user) {
        SharedStream oldest = null;
        for (SharedStream stream : byToken.values()) {
            if (stream.user().equals(user)
                    && stream.isUnclaimed()
                    && (oldest == null || stream.isOlderThan(oldest))) {
                oldest = stream;
            }
        }
        return oldest != null && oldest.dropUnclaimed();
    }

    private void expire() {
        long now = responses.nanos();
        for (SharedStream stream : byToken.values()) {
            if (stream.age(now) >= RESERVATION.toNanos()) stream.dropUnclaimed();
        }
    }
}
