// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Reads the engine's plan of every statement that is a constant of the store's classes, wherever it
 * stands: it takes its rows from an index, so that no statement grows slow with the store.
 */
class WriterPlansTest {

    private static final Pattern STATEMENT = Pattern.compile("(SELECT|INSERT|UPDATE|DELETE)\\s.*");

    /** Read once at a start, and of a few rows: the domains, and the one row about the file. */
    private static final Set<String> SMALL = Set.of("SCAN domain", "SCAN lease", "SCAN store");

    private static Map<String, String> statements() throws Exception {
        URI classes = SqliteTaskStore.class.getResource("SqliteTaskStore.class").toURI();
        Path root = Objects.requireNonNull(Path.of(classes).getParent());
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                String name =
                        root.relativize(file)
                                .toString()
                                .replace(".class", "")
                                .replace(file.getFileSystem().getSeparator(), ".");
                constants(
                        Class.forName(SqliteTaskStore.class.getPackageName() + "." + name), found);
            }
        }
        return found;
    }

    private static void constants(Class<?> type, Map<String, String> into) throws Exception {
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                field.setAccessible(true);
                String text = (String) field.get(null);
                if (text != null && STATEMENT.matcher(text).matches()) {
                    into.put(type.getSimpleName() + "." + field.getName(), text);
                }
            }
        }
    }

    @Test
    void noStatementLooksThroughATable() throws Exception {
        Map<String, String> statements = statements();
        assertThat(statements).as("constants found").hasSizeGreaterThan(30);
        try (Connection connection = BareStore.connect(":memory:");
                Statement explain = connection.createStatement()) {
            BareStore.layOut(connection);
            for (Map.Entry<String, String> each : statements.entrySet()) {
                check(explain, each.getKey(), each.getValue());
            }
        }
    }

    private static void check(Statement explain, String name, String sql) throws SQLException {
        try (ResultSet plan = explain.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (plan.next()) {
                String step = plan.getString("detail");
                boolean scan =
                        step.startsWith("SCAN")
                                && !step.contains("VIRTUAL TABLE")
                                && !step.contains("subquery")
                                && SMALL.stream().noneMatch(step::startsWith);
                assertThat(scan).as("%s: %s%n%s", name, step, sql).isFalse();
                assertThat(step)
                        .as("%s: %s", name, sql)
                        .doesNotStartWith("USE TEMP B-TREE FOR ORDER BY");
            }
        } catch (SQLException malformed) {
            throw new AssertionError(name + ": " + sql, malformed);
        }
    }
}
