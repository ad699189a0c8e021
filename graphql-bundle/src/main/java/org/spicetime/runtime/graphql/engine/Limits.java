// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.time.Duration;

/**
 * What one request may cost. Immutable.
 *
 * @param tokens of the document
 * @param depth of nested fields, introspection apart
 * @param aliases in the document, fragments expanded
 * @param rootFields of one operation, fragments expanded
 * @param cost points of the static cost
 * @param execution longest run
 */
record Limits(int tokens, int depth, int aliases, int rootFields, int cost, Duration execution) {
    static final Limits STANDARD = new Limits(2000, 12, 30, 20, 1000, Duration.ofSeconds(5));

    /** As configured, each value within its range. */
    static Limits of(EngineSettings settings) {
        return new Limits(
                Math.clamp(settings.tokens(), 100, 100_000),
                Math.clamp(settings.depth(), 4, 100),
                Math.clamp(settings.aliases(), 0, 1000),
                Math.clamp(settings.rootFields(), 1, 1000),
                Math.clamp(settings.cost(), 100, 1_000_000),
                Duration.ofMillis(Math.clamp(settings.executionMillis(), 100, 600_000)));
    }

    /** Most characters of a document, as many as a body may have bytes. */
    static final int CHARACTERS = 256 * 1024;

    /** Most fragments of a document: validation follows each of them from each other. */
    static final int FRAGMENTS = 50;

    /** Most entries of {@code errors}. */
    static final int ERRORS = 10;
}
