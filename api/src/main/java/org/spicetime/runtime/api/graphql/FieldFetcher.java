// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.graphql;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Answers one field. Thread-safe; should not block. */
@ConsumerType
@FunctionalInterface
public interface FieldFetcher {
    /**
     * The value of the field: scalars, lists, maps or records; null where the schema allows it.
     *
     * @param request the field, its arguments and the caller
     * @return the value
     * @throws Exception a {@link org.spicetime.runtime.api.error.RefusedException} reaches the
     *     client with its code; anything else as an internal error
     */
    @Nullable Object fetch(FieldRequest request) throws Exception;
}
