// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page in the form that Relay names a connection. Immutable.
 *
 * @param edges the page
 * @param hasNext whether there is more after it
 * @param hasPrevious whether there is more before it
 * @param totalCount matches over all pages; null: more than are counted
 * @param asOf where a stream of changes goes on; null: it cannot
 */
record Connection(
        List<Edge> edges,
        boolean hasNext,
        boolean hasPrevious,
        @Nullable Integer totalCount,
        @Nullable String asOf) {
    Connection {
        edges = List.copyOf(edges);
    }

    /** An object in a page, and the place it has there. Immutable. */
    record Edge(String cursor, Object node) {}
}
