// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.DomainConfig;

/**
 * One row of the table. Immutable.
 *
 * @param path as in {@code RuntimeConfigInput} of the GraphQL schema, joined by dots
 * @param kind the values it takes
 * @param defaultValue as the kind keeps it; null: nothing is kept, or there is none
 * @param present reads it from a configuration, in which there may be none; null: nothing is kept
 * @param description one sentence for people
 */
public record Property(
        String path,
        Kind kind,
        @Nullable Object defaultValue,
        @Nullable Function<DomainConfig, @Nullable Object> present,
        String description) {

    /** The allowed values, for people. */
    public String range() {
        return kind.range();
    }
}
