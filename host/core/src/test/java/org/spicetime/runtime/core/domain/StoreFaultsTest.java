// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spicetime.runtime.core.domain.TestHost.get;
import static org.spicetime.runtime.core.domain.TestHost.task;
import static org.spicetime.runtime.core.domain.TestHost.until;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.domain.StoreHealth;
import org.spicetime.runtime.api.error.ErrorCode;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.store.fault.FaultSettings;
import org.spicetime.runtime.store.memory.MemoryTaskStore;
import org.spicetime.runtime.store.sqlite.SqliteTaskStore;
import org.sqlite.JDBC;

/** What the host and its domains say of a store that is not well. */
class StoreFaultsTest {

    private static final DomainId ID = DomainId.of("kept");

    @TempDir private Path instance;

    @Test
    void damageThatAReadFindsDegradesTheDomainsAndRefusesWithItsCode() throws Exception {
        Path store = Files.createDirectory(instance.resolve("store"));
        try (TestHost host = host()) {
            Domain domain = host.domain("kept");
            TaskRequest first = task("nothing").idempotencyKey("first").build();
            TestHost.ended(domain, get(domain.schedule(first)).id());
        }
        damage(store.resolve("tasks.db"), "idempotency");
        try (TestHost host = host()) {
            Domain domain = host.domains.find(ID).orElseThrow();
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.RUNNING);
            assertThat(storeOf(host).status()).isEqualTo(HealthStatus.HEALTHY);

            refused(domain, RuntimeErrorCode.SCHEDULER_ERROR, "DAMAGED");

            until(() -> storeOf(host).status() == HealthStatus.UNHEALTHY);
            // First it is suspected, then found.
            until(() -> String.valueOf(domain.state().statusReason()).contains("backup"));
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.DEGRADED);
            assertThat(host.domains.health().status()).isEqualTo(HealthStatus.UNHEALTHY);
            assertThat(storeOf(host).readOnly()).isTrue();
            assertThat(domain.state().statusReason()).contains("task store", "read-only");
            assertThatThrownBy(() -> get(domain.schedule(task("nothing").build())))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            told -> assertThat(told.code()).isEqualTo(RequestErrorCode.READ_ONLY));
        }
    }

    private static void refused(Domain domain, ErrorCode code, String reason) {
        assertThatThrownBy(() ->
                        get(domain.schedule(task("nothing").idempotencyKey("second").build())))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        told -> {
                            assertThat(told.code()).isEqualTo(code);
                            assertThat(told.details()).containsEntry("reason", reason);
                        });
    }

    @Test
    void whatAStartBroughtBackIsPartOfTheStoresHealth() throws Exception {
        Files.createDirectory(instance.resolve("store"));
        try (TestHost host = host()) {
            assertThat(recovery(host)).containsEntry("cleanStop", true).containsEntry("domains", 0);
            Domain domain = host.domain("kept");
            get(domain.pause());
            get(domain.schedule(task("nothing").build()));
            get(domain.schedule(task("nothing").build()));
        }
        try (TestHost host = host()) {
            assertThat(recovery(host))
                    .containsEntry("cleanStop", true)
                    .containsEntry("domains", 1)
                    .containsEntry("tasks", 2L)
                    .containsEntry("retried", 0L)
                    .containsKey("durationMs");
        }
    }

    @SuppressWarnings("unchecked") // the host makes it so
    private static Map<String, Object> recovery(TestHost host) {
        return host.domains.health().components().stream()
                .filter(part -> part.name().equals("store"))
                .map(part ->
                        (Map<String, Object>)
                                Objects.requireNonNull(part.details().get("recovery")))
                .findFirst()
                .orElseThrow();
    }

    private static StoreHealth storeOf(TestHost host) {
        return Objects.requireNonNull(host.domains.health().store());
    }

    private TestHost host() {
        return new TestHost(
                new SqliteTaskStore(
                        new FaultSettings(0, 0, 0, Duration.ofMillis(20)),
                        (what, cause) -> {
                            throw new AssertionError(what, cause);
                        }),
                instance);
    }

    /* Spoils the first page of a table, in a file that is closed. */
    private static void damage(Path file, String table) throws SQLException, IOException {
        long page;
        try (Connection connection =
                        JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT rootpage FROM sqlite_schema WHERE name = '"
                                        + table
                                        + "'")) {
            assertThat(row.next()).isTrue();
            page = row.getLong(1);
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek((page - 1) * 4096);
            bytes.write(new byte[] {0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55});
        }
    }

    @Test
    void aStoreThatTakesNothingDegradesDomainsAsLongAsItLasts() {
        ToldStore told = new ToldStore();
        try (TestHost host = new TestHost(told.forHost(), instance)) {
            Domain early = host.domain("early");
            Domain stopped = host.domain("stopped");
            get(stopped.stop(false));

            told.says(HealthStatus.DEGRADED, false, "its disk has 99 MiB left");
            until(() -> early.state().status() == RuntimeStatus.DEGRADED);
            assertThat(early.state().statusReason())
                    .isEqualTo("the task store: its disk has 99 MiB left");
            assertThat(host.domains.health().status()).isEqualTo(HealthStatus.DEGRADED);
            Domain late = host.domain("late");
            until(() -> late.state().status() == RuntimeStatus.DEGRADED);
            get(stopped.start());
            until(() -> stopped.state().status() == RuntimeStatus.DEGRADED);

            told.says(HealthStatus.DEGRADED, true, "read-only: there is no room left on its disk");
            until(() -> String.valueOf(early.state().statusReason()).contains("no room left"));

            told.says(HealthStatus.CHECKING, false, "it is being checked");
            until(() -> early.state().status() == RuntimeStatus.RUNNING);
            until(() -> late.state().status() == RuntimeStatus.RUNNING);
            until(() -> stopped.state().status() == RuntimeStatus.RUNNING);
            assertThat(early.state().statusReason()).isNull();
        }
    }

    /** A store in memory that says of itself what the test wants. Thread-safe. */
    private static final class ToldStore {
        private final MemoryTaskStore memory = new MemoryTaskStore();
        private final AtomicReference<@Nullable StoreHealth> health = new AtomicReference<>();

        void says(HealthStatus status, boolean readOnly, String message) {
            health.set(
                    new StoreHealth(
                            status,
                            readOnly,
                            true,
                            message,
                            "told",
                            1,
                            0,
                            OptionalLong.empty(),
                            0,
                            LatencySummary.EMPTY,
                            null));
        }

        TaskStore forHost() {
            return (TaskStore)
                    Proxy.newProxyInstance(
                            TaskStore.class.getClassLoader(),
                            new Class<?>[] {TaskStore.class},
                            (proxy, method, arguments) -> {
                                StoreHealth said = health.get();
                                if (said != null && method.getName().equals("health")) {
                                    return said;
                                }
                                try {
                                    return method.invoke(memory, arguments);
                                } catch (InvocationTargetException thrown) {
                                    throw thrown.getCause();
                                }
                            });
        }
    }
}
