// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows under headings, aligned for a terminal. Used by one thread. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    Table row(@Nullable Object... cells) {
        rows.add(
                Arrays.stream(cells)
                        .map(cell -> Text.printable(cell == null ? null : String.valueOf(cell)))
                        .toList());
        return this;
    }

    /** The table, or what is said when it has no rows. */
    String orElse(String empty) {
        return rows.size() == 1 ? empty : toString();
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                line.append(cell);
                if (i < columns - 1) {
                    line.append(" ".repeat(widths[i] - cell.length())).append(GAP);
                }
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        text.setLength(text.length() - 1);
        return text.toString();
    }
}
