// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.engine.Engine;
import org.spicetime.runtime.graphql.engine.GraphQlRequest;
import org.spicetime.runtime.graphql.engine.Outcome;
import org.spicetime.runtime.graphql.transport.KnownToken;
import org.spicetime.runtime.graphql.transport.RequestIds;

/** A connection over a fake peer, a scripted engine and a hand-moved clock. */
abstract class ConnectionFixture {
    static final Caller ADMIN = new Caller("admin", Role.ADMIN, true);
    static final String INIT = "{\"type\":\"connection_init\",\"payload\":{\"token\":\"right\"}}";
    static final String ACK = "{\"type\":\"connection_ack\"}";

    final FakeTimer timer = new FakeTimer();
    final List<GraphQlRequest> asked = new ArrayList<>();
    final Map<String, Outcome> outcomes = new HashMap<>();
    final Engine theEngine =
            new Engine() {
                @Override
                public Outcome execute(GraphQlRequest request) {
                    asked.add(request);
                    Outcome outcome = outcomes.get(String.valueOf(request.query()));
                    if (outcome == null) throw new IllegalStateException("an engine's defect");
                    return outcome;
                }

                @Override
                public boolean tellsSchema(Caller caller) {
                    return true;
                }

                @Override
                public String sdl() {
                    return "";
                }

                @Override
                public String sdlHash() {
                    return "";
                }
            };
    final AtomicReference<@Nullable Engine> engine = new AtomicReference<>(theEngine);
    final KnownToken authenticator = new KnownToken("right", ADMIN);
    final Sockets sockets =
            new Sockets(engine::get, () -> authenticator, new RequestIds(), timer, () -> timer.now);
    final FakePeer peer = new FakePeer();
    final GraphQlConnection connection = open(peer, null);

    GraphQlConnection open(FakePeer to, @Nullable Caller caller) {
        GraphQlConnection opening = new GraphQlConnection(to, sockets, "127.0.0.1", caller);
        opening.opened();
        return opening;
    }

    FakeSource stream(String query) {
        FakeSource source = new FakeSource();
        outcomes.put(query, new Outcome.Stream(source));
        return source;
    }

    void subscribe(String id, String query) {
        connection.receive(
                "{\"id\":\"%s\",\"type\":\"subscribe\",\"payload\":{\"query\":\"%s\"}}"
                        .formatted(id, query));
    }

    void complete(String id) {
        connection.receive("{\"id\":\"%s\",\"type\":\"complete\"}".formatted(id));
    }

    static String next(String id, int value) {
        return "{\"id\":\"%s\",\"type\":\"next\",\"payload\":{\"data\":%d}}".formatted(id, value);
    }

    static String completed(String id) {
        return "{\"id\":\"%s\",\"type\":\"complete\"}".formatted(id);
    }
}
