// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

/** Why a request was refused before anything ran. A transport maps these to its status codes. */
public enum Refusal {
    /** The document does not parse, or there is none. */
    PARSE,
    /** The document does not fit the schema. */
    VALIDATION,
    /** A variable does not fit its type. */
    VARIABLES,
    /** The operation is not named, unknown or ambiguous. */
    OPERATION_NAME,
    /** The document exceeds a limit. */
    TOO_COMPLEX,
    /** The caller is over a rate; {@code retryAfter} of its error tells when to come back. */
    RATE_LIMITED,
    /** The caller may not ask that. */
    FORBIDDEN,
    /** A mutation where only queries are accepted. */
    MUTATION_NOT_ALLOWED,
    /** A subscription over a transport that cannot carry it. */
    SUBSCRIPTION_NOT_ALLOWED,
    /** Only a hash was sent, and it is not known. */
    PERSISTED_QUERY_NOT_FOUND,
    /** Hash and document differ. */
    PERSISTED_QUERY_MISMATCH,
    /** {@code extensions.persistedQuery} itself is malformed. */
    PERSISTED_QUERY_MALFORMED
}
