// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Foreign values in messages: cut, without control characters. Thread-safe. */
final class Shown {

    private static final int LONGEST_VALUE = 64;
    private static final int LONGEST_SENTENCE = 256;

    private Shown() {}

    /** The beginning of a value. */
    static String of(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> members -> "an object with " + members.size() + " members";
            case List<?> elements -> "a list of " + elements.size();
            case null, default -> cut(String.valueOf(value), LONGEST_VALUE);
        };
    }

    /** The beginning of what foreign code said. */
    static String sentence(@Nullable String text) {
        return cut(String.valueOf(text), LONGEST_SENTENCE);
    }

    private static String cut(String text, int longest) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), longest); i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return text.length() <= longest
                ? shown.toString()
                : shown + "... (" + text.length() + " characters)";
    }
}
