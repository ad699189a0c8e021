// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.language.IntValue;
import graphql.language.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Integers of any size. Written as a number within 2^53-1 and as a decimal string beyond; both are
 * read. Fetchers receive Long where it fits, else BigInteger. Thread-safe.
 */
final class BigIntCoercing extends JsonCoercing<Number> {
    private static final BigInteger LARGEST_NUMBER = BigInteger.valueOf((1L << 53) - 1);
    private static final int MOST_DIGITS = 1000;
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)");

    @Override
    Number read(@Nullable Object json) {
        return switch (json) {
            case Integer value -> value.longValue();
            case Long value -> value;
            case BigInteger value -> bounded(value);
            case BigDecimal value -> whole(value);
            case Double value -> whole(value);
            case String text -> decimal(text);
            case null, default -> throw refused(json);
        };
    }

    private static Number whole(double value) {
        if (value != Math.rint(value) || Math.abs(value) > LARGEST_NUMBER.doubleValue()) {
            throw refused(value);
        }
        return (long) value;
    }

    // The scale tells the exponent; asking for the integer first would make its zeros.
    private static Number whole(BigDecimal value) {
        if (value.scale() < -MOST_DIGITS
                || value.precision() - (long) value.scale() > MOST_DIGITS) {
            throw refused(value);
        }
        try {
            return bounded(value.toBigIntegerExact());
        } catch (ArithmeticException fraction) {
            throw refused(value);
        }
    }

    private static Number decimal(String text) {
        if (text.length() > MOST_DIGITS || !DECIMAL.matcher(text).matches()) throw refused(text);
        return bounded(new BigInteger(text));
    }

    private static Number bounded(BigInteger value) {
        if (value.bitLength() >= 4 * MOST_DIGITS) {
            throw new IllegalArgumentException(
                    "an integer of at most " + MOST_DIGITS + " digits is expected");
        }
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    private static IllegalArgumentException refused(@Nullable Object json) {
        return new IllegalArgumentException(
                "an integer is expected, as a number or as a string of up to "
                        + MOST_DIGITS
                        + " decimal digits, was "
                        + shown(json));
    }

    @Override
    Object write(Object value) {
        BigInteger exact =
                switch (value) {
                    case Long number -> BigInteger.valueOf(number);
                    case Integer number -> BigInteger.valueOf(number);
                    case BigInteger number -> number;
                    default -> throw new IllegalArgumentException("not an integer");
                };
        return exact.abs().compareTo(LARGEST_NUMBER) <= 0 ? exact.longValue() : exact.toString();
    }

    @Override
    Value<?> literal(Object value) {
        return new IntValue(new BigInteger(value.toString()));
    }
}
