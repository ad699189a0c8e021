// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Foreign values as messages show them: short, and without control characters. Thread-safe. */
public final class Shown {

    private static final int LIMIT = 64;
    private static final int MANY_BITS = 256;

    private Shown() {}

    /** The value, cut to 64 characters. */
    public static String of(@Nullable Object value) {
        if (value instanceof BigInteger number && number.bitLength() > MANY_BITS) {
            return "a number of " + number.bitLength() + " bits";
        }
        if (value instanceof BigDecimal number && number.precision() > LIMIT) {
            return "a number of " + number.precision() + " digits";
        }
        return value instanceof CharSequence text
                ? '"' + cut(text) + '"'
                : cut(String.valueOf(value));
    }

    private static String cut(CharSequence text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LIMIT); i++) {
            char c = text.charAt(i);
            boolean inert = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
            shown.append(inert ? c : '?');
        }
        return text.length() <= LIMIT
                ? shown.toString()
                : shown + "... (" + text.length() + " characters)";
    }
}
