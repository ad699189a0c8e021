// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of facts, shown as HTML, text or JSON. Immutable.
 *
 * @param name for addresses and file names
 * @param title for people
 * @param columns headings
 * @param rows a cell for each column: a string, number, boolean, list or map of them; null: unknown
 */
record Sheet(String name, String title, List<String> columns, List<List<@Nullable Object>> rows) {
    Sheet {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        for (List<@Nullable Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        name + ": a row must have " + columns.size() + " cells, had " + row.size());
            }
        }
    }

    static Builder of(String name, String title, String... columns) {
        return new Builder(name, title, List.of(columns));
    }

    /** Collects the rows. Used by one thread. */
    static final class Builder {
        private final String name;
        private final String title;
        private final List<String> columns;
        private final List<List<@Nullable Object>> rows = new ArrayList<>();

        private Builder(String name, String title, List<String> columns) {
            this.name = name;
            this.title = title;
            this.columns = columns;
        }

        Builder row(@Nullable Object... cells) {
            rows.add(Collections.unmodifiableList(new ArrayList<>(Arrays.asList(cells))));
            return this;
        }

        Sheet build() {
            return new Sheet(name, title, columns, rows);
        }
    }
}
