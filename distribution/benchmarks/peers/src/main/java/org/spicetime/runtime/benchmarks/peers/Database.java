// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Where a peer keeps its jobs: a pool of connections, or nothing but memory. Thread-safe. */
final class Database implements AutoCloseable {
    private static final int SQLITE_CONNECTIONS = 8;
    private static final int CONNECTIONS = 24;

    private final String kind;
    private final @Nullable HikariDataSource pool;

    private Database(String kind, @Nullable HikariDataSource pool) {
        this.kind = kind;
        this.pool = pool;
    }

    static Database of(String which, Path directory) {
        return switch (which) {
            case "none" -> new Database("none", null);
            case "sqlite" ->
                    new Database(
                            "sqlite",
                            pool(
                                    "jdbc:sqlite:"
                                            + directory.resolve("jobs.db")
                                            + "?journal_mode=WAL&synchronous=FULL"
                                            + "&busy_timeout=10000&transaction_mode=IMMEDIATE",
                                    SQLITE_CONNECTIONS));
            case "h2" ->
                    new Database(
                            "h2",
                            pool(
                                    "jdbc:h2:file:" + directory.resolve("jobs") + ";WRITE_DELAY=0",
                                    CONNECTIONS));
            default -> {
                if (!which.startsWith("jdbc:postgresql:"))
                    throw new IllegalArgumentException("there is no database " + which);
                yield new Database("postgresql", pool(which, CONNECTIONS));
            }
        };
    }

    private static HikariDataSource pool(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    /** What the database is called. */
    String kind() {
        return kind;
    }

    /** The connections. */
    HikariDataSource pool() {
        if (pool == null) throw new IllegalStateException("there is no database");
        return pool;
    }

    /** Runs statements that end in a semicolon at the end of a line. */
    void run(String script) throws SQLException {
        try (Connection connection = pool().getConnection();
                Statement statement = connection.createStatement()) {
            for (String one : script.split(";\\s*(\n|$)"))
                if (!one.isBlank()) statement.execute(one);
        }
    }

    /** A script that lies in the library of a peer. */
    static String script(String resource) throws java.io.IOException {
        try (InputStream in = Database.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("there is no " + resource);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        if (pool != null) pool.close();
    }
}
