// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Numbers. Immutable.
 *
 * @param whole whether fractions are refused
 * @param bounds those of the component and of the type together
 * @param box the Java value of an exact number within the bounds
 */
record NumberShape(boolean whole, Bounds bounds, Function<BigDecimal, Object> box)
        implements Shape {

    private static final BigDecimal DOUBLE_MAX = new BigDecimal(Double.MAX_VALUE);
    private static final BigDecimal FLOAT_MAX = new BigDecimal(Float.MAX_VALUE);

    /** The shape of a class; null: it is no number. */
    static @Nullable NumberShape of(Class<?> type, Bounds bounds) {
        if (type == byte.class || type == Byte.class) {
            return whole(bounds, Byte.MIN_VALUE, Byte.MAX_VALUE, BigDecimal::byteValueExact);
        }
        if (type == short.class || type == Short.class) {
            return whole(bounds, Short.MIN_VALUE, Short.MAX_VALUE, BigDecimal::shortValueExact);
        }
        if (type == int.class || type == Integer.class) {
            return whole(bounds, Integer.MIN_VALUE, Integer.MAX_VALUE, BigDecimal::intValueExact);
        }
        if (type == long.class || type == Long.class) {
            return whole(bounds, Long.MIN_VALUE, Long.MAX_VALUE, BigDecimal::longValueExact);
        }
        if (type == BigInteger.class) {
            return new NumberShape(true, bounds, BigDecimal::toBigIntegerExact);
        }
        if (type == BigDecimal.class) {
            return new NumberShape(false, bounds, exact -> exact);
        }
        if (type == double.class || type == Double.class) {
            return new NumberShape(
                    false, bounds.within(DOUBLE_MAX.negate(), DOUBLE_MAX), BigDecimal::doubleValue);
        }
        if (type == float.class || type == Float.class) {
            return new NumberShape(
                    false, bounds.within(FLOAT_MAX.negate(), FLOAT_MAX), BigDecimal::floatValue);
        }
        return null;
    }

    private static NumberShape whole(
            Bounds bounds, long min, long max, Function<BigDecimal, Object> box) {
        return new NumberShape(
                true, bounds.within(BigDecimal.valueOf(min), BigDecimal.valueOf(max)), box);
    }

    @Override
    public Object read(String path, Object json) {
        BigDecimal exact =
                switch (json) {
                    case Long number -> BigDecimal.valueOf(number);
                    case BigInteger number -> new BigDecimal(number);
                    case BigDecimal number -> number;
                    default -> throw Shape.unfit(path, json, range());
                };
        if (whole && exact.signum() != 0 && exact.stripTrailingZeros().scale() > 0) {
            throw Shape.unfit(path, json, range());
        }
        if (!bounds.admit(exact)) {
            throw Shape.unfit(path, json, range());
        }
        return box.apply(exact);
    }

    private String range() {
        boolean natural = isNatural(bounds.max());
        String kind = whole ? "a whole number" : "a number";
        return bounds.isNone() || natural ? kind : kind + ", " + bounds.text();
    }

    @Override
    public Object write(String path, Object value) {
        if (value instanceof Double number && !Double.isFinite(number)
                || value instanceof Float real && !Float.isFinite(real)) {
            throw Shape.unwritable(path, "must be a finite number, was " + value);
        }
        return value instanceof Short || value instanceof Byte
                ? ((Number) value).longValue()
                : value;
    }

    @Override
    public Map<String, Object> schema(boolean written) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", whole ? "integer" : "number");
        Bounds told =
                new Bounds(
                        isNatural(bounds.min()) ? null : bounds.min(),
                        isNatural(bounds.max()) ? null : bounds.max());
        told.describe(schema, "minimum", "maximum");
        return schema;
    }

    private static boolean isNatural(@Nullable BigDecimal bound) {
        return bound != null
                && (bound.abs().compareTo(DOUBLE_MAX) == 0
                        || bound.abs().compareTo(FLOAT_MAX) == 0);
    }
}
