// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** How values look on a terminal. */
final class Text {
    /** Stands for what is not known. */
    static final String NONE = "-";

    private static final int LONGEST_SHOWN = 64;
    private static final long UNIT = 1024;
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Text() {}

    /** The text on one line; what could steer a terminal or turn the direction is shown as code. */
    static String printable(@Nullable String text) {
        if (text == null) {
            return NONE;
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> {
                    int type = Character.getType(point);
                    boolean hidden =
                            type == Character.CONTROL
                                    || type == Character.FORMAT
                                    || type == Character.SURROGATE
                                    || type == Character.LINE_SEPARATOR
                                    || type == Character.PARAGRAPH_SEPARATOR;
                    if (hidden) {
                        shown.append(String.format(Locale.ROOT, "\\u%04x", point));
                    } else {
                        shown.appendCodePoint(point);
                    }
                });
        return shown.toString();
    }

    /** The beginning of what was typed. */
    static String excerpt(String text) {
        String shown = printable(text);
        return shown.length() <= LONGEST_SHOWN
                ? shown
                : shown.substring(0, LONGEST_SHOWN) + "... (" + text.length() + " characters)";
    }

    /** The beginning of what was typed, in quotation marks. */
    static String quoted(String text) {
        return '"' + excerpt(text) + '"';
    }

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= UNIT && unit < UNITS.length - 1) {
            value /= UNIT;
            unit++;
        }
        String number =
                unit == 0 ? Long.toString(bytes) : String.format(Locale.ROOT, "%.1f", value);
        return number + " " + UNITS[unit];
    }

    static String percent(OptionalDouble ratio) {
        return ratio.isPresent()
                ? String.format(Locale.ROOT, "%.1f %%", ratio.getAsDouble() * 100)
                : NONE;
    }

    static String micros(OptionalDouble micros) {
        return micros.isPresent()
                ? String.format(Locale.ROOT, "%.0f us", micros.getAsDouble())
                : NONE;
    }

    static String instant(@Nullable Instant instant) {
        return instant == null ? NONE : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static String millis(@Nullable Duration duration) {
        return duration == null
                ? NONE
                : String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
