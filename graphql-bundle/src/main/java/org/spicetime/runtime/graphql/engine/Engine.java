// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import org.spicetime.runtime.api.security.Caller;

/** Answers GraphQL requests, whatever brought them. Thread-safe. */
public interface Engine {

    /**
     * Answers a request. Queries run on the calling thread; a mutation may complete on another one.
     * Never throws for what a client sent.
     */
    Outcome execute(GraphQlRequest request);

    /** Whether this caller may be told the schema. */
    boolean tellsSchema(Caller caller);

    /** The schema served now, in the schema definition language. */
    String sdl();

    /** SHA-256 of {@link #sdl()}, 64 hexadecimal digits. */
    String sdlHash();
}
