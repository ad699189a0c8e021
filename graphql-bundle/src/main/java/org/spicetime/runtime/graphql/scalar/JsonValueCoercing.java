// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.language.StringValue;
import graphql.language.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any JSON value. Fetchers give and receive Map, List, String, Boolean and numbers. Thread-safe.
 */
final class JsonValueCoercing extends JsonCoercing<Object> {
    @Override
    Object read(@Nullable Object json) {
        if (json == null) throw new IllegalArgumentException("null is not expected here");
        checkNumbers(json);
        return json;
    }

    private static void checkNumbers(@Nullable Object json) {
        switch (json) {
            case Map<?, ?> members -> members.values().forEach(JsonValueCoercing::checkNumbers);
            case List<?> items -> items.forEach(JsonValueCoercing::checkNumbers);
            case Number number -> {
                if (!Literals.finite(number)) {
                    throw new IllegalArgumentException(
                            "the number " + number + " is beyond what can be held");
                }
            }
            case null, default -> {}
        }
    }

    @Override
    Object write(Object value) {
        Object plain = plain(value);
        if (plain == null) throw new IllegalArgumentException("no value");
        return plain;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                map.forEach((name, member) -> members.put(String.valueOf(name), plain(member)));
                yield members;
            }
            case Iterable<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (Object item : list) items.add(plain(item));
                yield items;
            }
            case String text -> text;
            case Boolean flag -> flag;
            case Integer number -> number;
            case Long number -> number;
            case BigInteger number -> number;
            case BigDecimal number -> number;
            case Double number -> Double.isFinite(number) ? number : number.toString();
            case Number number -> number.doubleValue();
            case Duration span -> span.toString();
            default -> value.toString();
        };
    }

    @Override
    Value<?> literal(Object value) {
        return new StringValue(value.toString());
    }
}
