// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.graphql;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers one field. Thread-safe; runs on a thread of its contribution and has two seconds, then
 * the client is told REQUEST_TIMEOUT and the thread is interrupted.
 */
@ConsumerType
@FunctionalInterface
public interface FieldFetcher {
    /**
     * The value of the field; null where the schema allows it. An object is a record or a map, by
     * the names of the schema; a list is any {@code Collection}; an enum value is its name or an
     * enum constant of that name; a {@code DateTime} is an {@code Instant}; an {@code Optional} is
     * what it holds. What an interface or union answers is told by a member {@code __typename}, or
     * by the simple name of the record. The value is read at once and not touched afterwards.
     *
     * @param request the field, its arguments and the caller
     * @return the value
     * @throws Exception a {@link org.spicetime.runtime.api.error.RefusedException} reaches the
     *     client with its code; anything else as an internal error
     */
    @Nullable Object fetch(FieldRequest request) throws Exception;
}
