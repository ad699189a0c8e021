// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.schema.DataFetcher;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.stream.EventSource;

/**
 * The fetchers of one root type, each behind the role it needs: a root field without a role cannot
 * be written. Built by one thread, then immutable.
 */
final class RootFields {
    private final String type;
    private final Map<String, DataFetcher<?>> fetchers = new LinkedHashMap<>();
    private final Map<String, Role> roles = new LinkedHashMap<>();

    RootFields(String type) {
        this.type = type;
    }

    String type() {
        return type;
    }

    Map<String, DataFetcher<?>> fetchers() {
        return Collections.unmodifiableMap(fetchers);
    }

    /** The role each field needs. */
    Map<String, Role> roles() {
        return Collections.unmodifiableMap(roles);
    }

    /** A query. */
    RootFields query(String name, Role role, Answer answer) {
        return add(name, role, answer);
    }

    /** A change; its answer is a stage, which graphql-java waits for. */
    @SuppressWarnings("FutureReturnValueIgnored")
    RootFields change(String name, Role role, Change change) {
        return add(
                name,
                role,
                call -> {
                    CompletionStage<? extends @Nullable Object> stage = change.make(call);
                    return call.scope().settled(stage);
                });
    }

    /** A subscription: its source first, then the events themselves. */
    RootFields stream(String name, Role role, Opener opener) {
        return add(
                name,
                role,
                call -> {
                    if (!call.scope().opening()) return call.event();
                    call.scope().opened(opener.open(call));
                    return null;
                });
    }

    private RootFields add(String name, Role role, Answer answer) {
        roles.put(name, role);
        DataFetcher<@Nullable Object> fetcher =
                environment -> {
                    Call call = Call.of(environment);
                    allow(call, role, name);
                    call.scope().check();
                    try {
                        Object value = answer.get(call);
                        call.scope().count(value);
                        return value;
                    } catch (Error e) {
                        throw new FetchError(e);
                    }
                };
        if (fetchers.put(name, fetcher) != null) {
            throw new IllegalStateException(type + "." + name + " is answered twice");
        }
        return this;
    }

    /** Refuses a call by somebody who may not see or do that. */
    static void allow(Call call, Role needed, String field) {
        if (call.caller().role().compareTo(needed) < 0) {
            throw new RefusedException(
                    RequestErrorCode.FORBIDDEN,
                    field + " needs the role " + needed + ", yours is " + call.caller().role(),
                    Map.of());
        }
    }

    /** Answers a query. */
    interface Answer {
        @Nullable Object get(Call call);
    }

    /** Makes a change. */
    interface Change {
        CompletionStage<? extends @Nullable Object> make(Call call);
    }

    /** Finds what a subscription listens to. */
    interface Opener {
        EventSource open(Call call);
    }
}
