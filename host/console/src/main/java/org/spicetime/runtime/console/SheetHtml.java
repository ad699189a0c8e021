// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.owasp.encoder.Encode;

/** A sheet as an HTML table. Everything that is not written here is escaped. */
final class SheetHtml {
    private static final String BYTES = " (bytes)";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final double UNIT = 1024;

    private SheetHtml() {}

    /**
     * @param special HTML for a cell of this column in this row; null: the escaped value
     */
    static String of(Sheet sheet, BiFunction<String, Integer, @Nullable String> special) {
        StringBuilder html = new StringBuilder(1024);
        html.append("<h2 class=\"dr-title\" id=\"")
                .append(escaped(sheet.name()))
                .append("\">")
                .append(escaped(sheet.title()))
                .append("</h2>\n");
        if (sheet.rows().isEmpty()) {
            return html.append("<p class=\"dr-none\">none</p>\n").toString();
        }
        html.append(
                "<div class=\"dr-scroll\"><table class=\"nicetable ui-widget dr-table\">\n<thead><tr>");
        for (String column : sheet.columns()) {
            html.append("<th scope=\"col\" class=\"ui-widget-header\">")
                    .append(escaped(column.replace(BYTES, "")))
                    .append("</th>");
        }
        html.append("</tr></thead>\n<tbody class=\"ui-widget-content\">\n");
        for (int r = 0; r < sheet.rows().size(); r++) {
            var row = sheet.rows().get(r);
            html.append("<tr>");
            for (int c = 0; c < row.size(); c++) {
                String column = sheet.columns().get(c);
                String own = special.apply(column, r);
                Object value = row.get(c);
                html.append(value instanceof Number ? "<td class=\"dr-number\">" : "<td>")
                        .append(own == null ? cell(column, value) : own)
                        .append("</td>");
            }
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private static String cell(String column, @Nullable Object value) {
        if (value instanceof Long bytes && column.endsWith(BYTES)) {
            return "<span title=\"" + bytes + " bytes\">" + readable(bytes) + "</span>";
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder html =
                    new StringBuilder("<details><summary>")
                            .append(map.size())
                            .append(" facts</summary><dl class=\"dr-facts\">");
            new TreeMap<>(map)
                    .forEach((name, fact) ->
                            html.append("<dt>")
                                    .append(escaped(String.valueOf(name)))
                                    .append("</dt><dd>")
                                    .append(escaped(SheetText.cell(fact)))
                                    .append("</dd>"));
            return html.append("</dl></details>").toString();
        }
        return escaped(SheetText.cell(value));
    }

    private static String readable(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= UNIT && unit < UNITS.length - 1) {
            value /= UNIT;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** The console replaces {@code ${...}} in every page, so the dollar sign is escaped too. */
    static String escaped(String text) {
        return Encode.forHtml(text).replace("$", "&#36;");
    }
}
