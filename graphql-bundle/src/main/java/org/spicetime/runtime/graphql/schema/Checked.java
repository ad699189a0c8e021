// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;

/** Makes values of the api of inputs: what a value refuses, it names first. Thread-safe. */
final class Checked {
    private static final Pattern NAMED_FIRST =
            Pattern.compile("([a-zA-Z]+(?:\\.[a-zA-Z]+)*)\\b.*", Pattern.DOTALL);

    private Checked() {}

    /**
     * The value, or the refusal of the field that it refuses.
     *
     * @param prefix of the field, e.g. {@code inputs[3].retry.}
     */
    static <V> V value(String prefix, Making<V> making) {
        try {
            return making.make();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            Matcher named = NAMED_FIRST.matcher(message);
            String field = prefix + (named.matches() ? named.group(1) : "");
            throw new RefusedException(
                    RequestErrorCode.BAD_USER_INPUT, prefix + message, Map.of("field", field));
        }
    }

    /** Makes a value. */
    interface Making<V> {
        V make();
    }
}
