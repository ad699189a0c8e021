// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.language.ObjectValue;
import graphql.language.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object whose values are all strings: at most 32 members, names of 1 to 63 characters, values
 * of up to 255. Fetchers receive a map. Thread-safe.
 */
final class LabelsCoercing extends JsonCoercing<Map<String, String>> {
    private static final int MOST = 32;
    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_VALUE = 255;

    @Override
    Map<String, String> read(@Nullable Object json) {
        if (!(json instanceof Map<?, ?> members)) {
            throw new IllegalArgumentException(
                    "an object of strings is expected, was " + shown(json));
        }
        if (members.size() > MOST) {
            throw new IllegalArgumentException(
                    "at most " + MOST + " labels are accepted, were " + members.size());
        }
        Map<String, String> labels = new LinkedHashMap<>();
        members.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.isEmpty() || name.length() > LONGEST_NAME) {
                throw new IllegalArgumentException(
                        "a label's name has 1 .. "
                                + LONGEST_NAME
                                + " characters, was \""
                                + shown(name)
                                + "\"");
            }
            if (!(value instanceof String text) || text.length() > LONGEST_VALUE) {
                throw new IllegalArgumentException(
                        "the label \""
                                + shown(name)
                                + "\" must be a string of at most "
                                + LONGEST_VALUE
                                + " characters, was "
                                + shown(value));
            }
            labels.put(name, text);
        });
        return labels;
    }

    @Override
    Object write(Object value) {
        if (!(value instanceof Map<?, ?> labels)) throw new IllegalArgumentException("no labels");
        Map<String, Object> sorted = new TreeMap<>();
        labels.forEach((name, text) -> sorted.put(String.valueOf(name), String.valueOf(text)));
        return sorted;
    }

    @Override
    Value<?> literal(Object value) {
        return ObjectValue.newObjectValue().build();
    }
}
