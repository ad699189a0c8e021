// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.language.StringValue;
import graphql.language.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Instants after RFC 3339. Written in UTC with 3 to 9 digits of a second; any offset is read.
 * Fetchers receive Instant. Thread-safe.
 */
final class DateTimeCoercing extends JsonCoercing<Instant> {
    private static final Pattern RFC_3339 =
            Pattern.compile(
                    "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
                            + "([Zz]|[+-][0-9]{2}:[0-9]{2})");

    private static final int SECONDS_OF_DAY = 86_400;

    /* The longest form: a sign, nine digits of the year, and 25 characters after them. */
    private static final int LONGEST = 40;

    @Override
    Instant read(@Nullable Object json) {
        if (!(json instanceof String text) || !RFC_3339.matcher(text).matches())
            throw refused(json);
        try {
            return OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
        } catch (DateTimeException noSuchDay) {
            throw refused(text);
        }
    }

    private static IllegalArgumentException refused(@Nullable Object json) {
        return new IllegalArgumentException(
                "an instant with offset after RFC 3339 is expected, e.g."
                        + " \"2026-01-31T12:00:00.000Z\", was "
                        + shown(json));
    }

    @Override
    Object write(Object value) {
        if (!(value instanceof Instant instant)) throw new IllegalArgumentException("no instant");
        return text(instant);
    }

    /* By hand, as a list of tasks has some hundred of them and a formatter takes ten times as long. */
    private static String text(Instant instant) {
        LocalDate date =
                LocalDate.ofEpochDay(Math.floorDiv(instant.getEpochSecond(), SECONDS_OF_DAY));
        int second = Math.floorMod(instant.getEpochSecond(), SECONDS_OF_DAY);
        StringBuilder text = new StringBuilder(LONGEST).append(date).append('T');
        two(text, second / 3600).append(':');
        two(text, second / 60 % 60).append(':');
        two(text, second % 60).append('.');
        int nanos = instant.getNano();
        int digits = 9;
        while (digits > 3 && nanos % 10 == 0) {
            nanos /= 10;
            digits--;
        }
        int end = text.length() + digits;
        text.setLength(end);
        for (int i = end - 1; i >= end - digits; i--, nanos /= 10) {
            text.setCharAt(i, (char) ('0' + nanos % 10));
        }
        return text.append('Z').toString();
    }

    private static StringBuilder two(StringBuilder text, int value) {
        return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    @Override
    Value<?> literal(Object value) {
        return new StringValue(value.toString());
    }
}
