// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.log.Redaction;

/** A sheet as JSON: an array with one object for each row. */
final class SheetJson {
    private static final int FIRST_PRINTABLE = 0x20;

    private SheetJson() {}

    static String of(Sheet sheet) {
        StringBuilder json = new StringBuilder("[");
        for (var row : sheet.rows()) {
            json.append(json.length() > 1 ? ",\n{" : "{");
            for (int i = 0; i < row.size(); i++) {
                if (i > 0) json.append(',');
                string(json, sheet.columns().get(i));
                json.append(':');
                value(json, row.get(i));
            }
            json.append('}');
        }
        return json.append("]\n").toString();
    }

    private static void value(StringBuilder json, @Nullable Object value) {
        switch (value) {
            case null -> json.append("null");
            case Boolean known -> json.append(known);
            case Double number when !Double.isFinite(number) -> json.append("null");
            case Number number -> json.append(number);
            case Map<?, ?> map -> {
                json.append('{');
                boolean first = true;
                for (var entry : map.entrySet()) {
                    if (!first) json.append(',');
                    first = false;
                    string(json, String.valueOf(entry.getKey()));
                    json.append(':');
                    value(json, entry.getValue());
                }
                json.append('}');
            }
            case Iterable<?> list -> {
                json.append('[');
                boolean first = true;
                for (Object member : list) {
                    if (!first) json.append(',');
                    first = false;
                    value(json, member);
                }
                json.append(']');
            }
            default -> string(json, Redaction.of(String.valueOf(value)));
        }
    }

    private static void string(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || Character.isSurrogate(c) || c == '<') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
