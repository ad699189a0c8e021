// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.handler.PayloadField;

/**
 * Smallest and largest number, length or size, both inclusive. Immutable.
 *
 * @param min null: no bound
 * @param max null: no bound
 */
record Bounds(@Nullable BigDecimal min, @Nullable BigDecimal max) {

    static final Bounds NONE = new Bounds(null, null);

    Bounds {
        if (min != null && max != null && min.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "minimum " + min.toPlainString() + " is above maximum " + max.toPlainString());
        }
    }

    static Bounds of(@Nullable PayloadField field) {
        return field == null ? NONE : new Bounds(bound(field.minimum()), bound(field.maximum()));
    }

    private static @Nullable BigDecimal bound(double value) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("a bound must be a number, was NaN");
        }
        return Double.isInfinite(value) ? null : new BigDecimal(value);
    }

    boolean isNone() {
        return min == null && max == null;
    }

    /** These bounds, and those of the type. */
    Bounds within(BigDecimal lowest, BigDecimal highest) {
        return new Bounds(
                min == null || min.compareTo(lowest) < 0 ? lowest : min,
                max == null || max.compareTo(highest) > 0 ? highest : max);
    }

    boolean admit(BigDecimal value) {
        return (min == null || value.compareTo(min) >= 0)
                && (max == null || value.compareTo(max) <= 0);
    }

    boolean admit(long value) {
        return isNone() || admit(BigDecimal.valueOf(value));
    }

    /** For people, such as {@code 1 .. 16}. */
    String text() {
        if (min == null) {
            return max == null ? "any" : "at most " + plain(max);
        }
        return max == null ? "at least " + plain(min) : plain(min) + " .. " + plain(max);
    }

    private static String plain(BigDecimal value) {
        return whole(value) ? value.toBigIntegerExact().toString() : value.toString();
    }

    private static boolean whole(BigDecimal value) {
        return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    }

    /** Adds the keywords of JSON Schema that are in place. */
    void describe(Map<String, Object> schema, String minimum, String maximum) {
        if (min != null) {
            schema.put(minimum, number(min));
        }
        if (max != null) {
            schema.put(maximum, number(max));
        }
    }

    private static Object number(BigDecimal value) {
        return whole(value) ? value.toBigIntegerExact() : value;
    }
}
