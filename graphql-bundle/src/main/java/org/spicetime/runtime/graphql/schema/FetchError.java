// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

/**
 * An Error (a stack that is too deep, a heap that is full) in a fetcher, in a form that
 * graphql-java takes for a failure of that field. As an Error it would end the request, and more,
 * without an answer. Immutable; without a stack, its cause has one.
 */
public final class FetchError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FetchError(Error cause) {
        super(null, cause, false, false);
    }
}
