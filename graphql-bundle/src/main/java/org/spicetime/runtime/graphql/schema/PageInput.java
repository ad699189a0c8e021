// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * The page that a field with first, after, last and before asks for. Immutable.
 *
 * @param size most edges of it, from 0
 * @param fromEnd whether it is the last page of what matches, not the first
 * @param after cursor of the edge before it; null: none
 * @param before cursor of the edge after it; null: none
 */
record PageInput(int size, boolean fromEnd, @Nullable String after, @Nullable String before) {
    static final int LARGEST = 500;
    private static final int STANDARD = 50;

    static PageInput of(Call call) {
        Integer first = size(call, "first");
        Integer last = size(call, "last");
        if (first != null && last != null) {
            throw RefusedException.badInput("last", "cannot be given together with \"first\"");
        }
        return new PageInput(
                last != null ? last : first != null ? first : STANDARD,
                last != null,
                (String) call.optional("after"),
                (String) call.optional("before"));
    }

    private static @Nullable Integer size(Call call, String name) {
        Integer size = (Integer) call.optional(name);
        if (size != null && (size < 0 || size > LARGEST)) {
            throw RefusedException.outOfRange(name, size, "0 .. " + LARGEST);
        }
        return size;
    }
}
