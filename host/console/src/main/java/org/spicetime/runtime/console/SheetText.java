// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.log.Redaction;

/** A sheet as text: one block for each row, one line for each cell. */
final class SheetText {
    private SheetText() {}

    static String of(Sheet sheet) {
        int width = sheet.columns().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder(sheet.title()).append('\n');
        for (var row : sheet.rows()) {
            text.append('\n');
            for (int i = 0; i < row.size(); i++) {
                String column = sheet.columns().get(i);
                text.append(column)
                        .append(" ".repeat(width - column.length()))
                        .append("  ")
                        .append(cell(row.get(i)))
                        .append('\n');
            }
        }
        return sheet.rows().isEmpty() ? text.append("\nnone\n").toString() : text.toString();
    }

    /** A value on one line; what could steer a terminal is shown as code. */
    static String cell(@Nullable Object value) {
        String text =
                switch (value) {
                    case null -> "";
                    case Instant instant -> instant.truncatedTo(ChronoUnit.MILLIS).toString();
                    case Iterable<?> list -> listed(list);
                    default -> String.valueOf(value);
                };
        if (text.isEmpty()) return "-";
        StringBuilder shown = new StringBuilder();
        Redaction.of(text).codePoints().forEach(point -> append(shown, point));
        return shown.toString();
    }

    private static String listed(Iterable<?> list) {
        StringJoiner text = new StringJoiner(", ");
        list.forEach(member -> text.add(String.valueOf(member)));
        return text.toString();
    }

    private static void append(StringBuilder shown, int point) {
        int type = Character.getType(point);
        if (type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR) {
            shown.append(String.format(Locale.ROOT, "\\u%04x", point));
        } else {
            shown.appendCodePoint(point);
        }
    }
}
