// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * An input object after coercion. A member left out and an explicit null read the same here.
 * Immutable.
 *
 * @param members by name
 */
record Input(Map<String, @Nullable Object> members) {

    @SuppressWarnings("unchecked") // graphql-java coerces input objects to maps by name
    static Input of(Object value) {
        return new Input((Map<String, @Nullable Object>) value);
    }

    @Nullable Object get(String name) {
        return members.get(name);
    }

    @Nullable String text(String name) {
        return (String) members.get(name);
    }

    @Nullable Integer integer(String name) {
        return (Integer) members.get(name);
    }

    @Nullable Double number(String name) {
        return (Double) members.get(name);
    }

    @Nullable Instant instant(String name) {
        return (Instant) members.get(name);
    }

    @Nullable Input object(String name) {
        Object value = members.get(name);
        return value == null ? null : of(value);
    }

    /** A list, empty when it is left out. */
    List<?> list(String name) {
        return members.get(name) instanceof List<?> list ? list : List.of();
    }

    /** A list of texts, empty when it is left out. */
    List<String> texts(String name) {
        return list(name).stream().map(String::valueOf).toList();
    }

    /** An enum constant of the name given; null when it is left out. */
    <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
        Object value = members.get(name);
        return value == null ? null : Enum.valueOf(type, value.toString());
    }

    /** Enum constants of the names given, none when it is left out. */
    <E extends Enum<E>> List<E> choices(String name, Class<E> type) {
        return list(name).stream().map(value -> Enum.valueOf(type, value.toString())).toList();
    }

    /** A map of texts, empty when it is left out. */
    @SuppressWarnings("unchecked") // the scalar Labels makes no other
    Map<String, String> labels(String name) {
        Object value = members.get(name);
        return value == null ? Map.of() : (Map<String, String>) value;
    }

    /** A span of milliseconds that may not be negative; null when it is left out. */
    @Nullable Duration millis(String name, String field) {
        Integer value = integer(name);
        if (value == null) return null;
        if (value < 0) throw RefusedException.outOfRange(field, value, "0 .. 2147483647");
        return Duration.ofMillis(value);
    }

    /** An integer that must fit a long; null when it is left out. */
    @Nullable Long wide(String name, String field) {
        Object value = members.get(name);
        if (value instanceof BigInteger huge) {
            throw RefusedException.outOfRange(field, huge, "at most " + Long.MAX_VALUE);
        }
        return (Long) value;
    }
}
