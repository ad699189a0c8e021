// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One element of an Accept header, or a Content-Type: RFC 9110, sections 8.3.1 and 12.5.1.
 * Immutable.
 *
 * @param type in lower case, {@code *} for any
 * @param subtype in lower case, {@code *} for any
 * @param parameters names in lower case, values without quotes
 */
record MediaRange(String type, String subtype, Map<String, String> parameters) {
    MediaRange {
        parameters = Map.copyOf(parameters);
    }

    /** The elements of a header that can be read; others are left out, as nothing fits them. */
    static List<MediaRange> parse(String header) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String element : split(header, ',')) {
            List<String> parts = split(element, ';');
            String name = parts.getFirst().strip().toLowerCase(Locale.ROOT);
            int slash = name.indexOf('/');
            if (slash <= 0 || slash == name.length() - 1) continue;
            Map<String, String> parameters = new LinkedHashMap<>();
            for (String part : parts.subList(1, parts.size())) {
                int equals = part.indexOf('=');
                if (equals < 0) continue;
                parameters.put(
                        part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        unquoted(part.substring(equals + 1).strip()));
            }
            ranges.add(
                    new MediaRange(
                            name.substring(0, slash), name.substring(slash + 1), parameters));
        }
        return ranges;
    }

    /**
     * How exactly this range names that type: 3 by name, 2 by its group, 1 as any, 0 not at all.
     */
    int fits(String otherType, String otherSubtype) {
        String charset = parameters.get("charset");
        if (charset != null && !charset.equalsIgnoreCase("utf-8")) return 0;
        if (type.equals(otherType) && subtype.equals(otherSubtype)) return 3;
        if (type.equals(otherType) && subtype.equals("*")) return 2;
        return type.equals("*") && subtype.equals("*") ? 1 : 0;
    }

    /** The q value in thousandths; 0 if it cannot be read. */
    int quality() {
        String q = parameters.get("q");
        if (q == null) return 1000;
        if (!q.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?")) return 0;
        return (int) Math.round(Double.parseDouble(q) * 1000);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') quoted = !quoted;
            if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
