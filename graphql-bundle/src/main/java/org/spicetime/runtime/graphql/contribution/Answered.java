// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object that a fetcher of a bundle answered: the members asked for, read already. Immutable.
 *
 * @param type its type in the schema
 * @param members by field
 * @param original what the fetcher answered, for the fetchers below it; only they touch it
 */
record Answered(String type, Map<String, @Nullable Object> members, Object original) {
    Answered {
        members = Collections.unmodifiableMap(members);
    }
}
