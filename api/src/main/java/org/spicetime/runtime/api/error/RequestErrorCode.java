// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.error;

/** Kinds of refusal that concern the request, not the domain. */
public enum RequestErrorCode implements ErrorCode {
    /** No such domain, task or other object. */
    NOT_FOUND,
    /** A value is missing, out of range or contradictory, or a choice that no bundle offers now. */
    BAD_USER_INPUT,
    /** The object is not in a state that allows it, or was changed by someone else. */
    CONFLICT,
    /** Not signed in. */
    UNAUTHENTICATED,
    /** Signed in, but not allowed. */
    FORBIDDEN,
    /** Too many requests. */
    RATE_LIMITED,
    /** The document does not parse. */
    GRAPHQL_PARSE_FAILED,
    /** The document does not fit the schema. */
    GRAPHQL_VALIDATION_FAILED,
    /** The document is deeper or more complex than allowed. */
    QUERY_TOO_COMPLEX,
    /** The hash of a persisted query is not known. */
    PERSISTED_QUERY_NOT_FOUND,
    /** The cursor is too old, or of another incarnation of the domain. */
    CURSOR_EXPIRED,
    /** The operation took longer than the host allows. */
    REQUEST_TIMEOUT,
    /** The host cannot record changes now. */
    READ_ONLY,
    /** A stream ended because fields it selects are gone. */
    SCHEMA_CHANGED,
    /** The host stops. */
    SHUTTING_DOWN,
    /** A defect of the host; details are only in its log. */
    INTERNAL_SERVER_ERROR
}
