// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.language.StringValue;
import graphql.language.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
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

    private static final DateTimeFormatter UTC =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 3, 9, true)
                    .appendLiteral('Z')
                    .toFormatter(Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

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
        return UTC.format(instant);
    }

    @Override
    Value<?> literal(Object value) {
        return new StringValue(value.toString());
    }
}
