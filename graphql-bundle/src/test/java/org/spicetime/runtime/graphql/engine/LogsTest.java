// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.security.Role;

class LogsTest {
    private final Bench bench = new Bench();
    private final FakeLogs logs = Objects.requireNonNull(bench.host.logs);

    @AfterEach
    void close() {
        bench.close();
    }

    private Map<String, ?> answer(String document, Role role) {
        Outcome outcome = bench.engine.execute(Bench.request(document, Map.of(), role));
        return ((Outcome.Executed) outcome)
                .response()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .map();
    }

    private void refused(String code, String document, Role role) {
        assertThat(at(answer(document, role), "errors.0.extensions.code"))
                .as(document)
                .isEqualTo(code);
    }

    @Test
    void aRecordIsToldInFull() {
        Map<String, ?> told =
                answer(
                        "{ logs(first: 1) { timestamp level logger message event domainId taskId"
                                + " bundle stackTrace skipped } }",
                        Role.ADMIN);
        assertThat(at(told, "data.logs.0"))
                .isEqualTo(
                        Map.of(
                                "timestamp",
                                "2026-01-31T12:00:00.000Z",
                                "level",
                                "ERROR",
                                "logger",
                                "org.example.Mill",
                                "message",
                                "the wheel stands",
                                "event",
                                "DR-MILL-0001",
                                "domainId",
                                "ethical-scoring",
                                "taskId",
                                FakeLogs.TASK.toString(),
                                "bundle",
                                "org.example.mill",
                                "stackTrace",
                                "java.io.IOException: dry",
                                "skipped",
                                0));
    }

    @Test
    void conditionsChoose() {
        List<Object> plain = List.of(Map.of("message", "plain"));
        List<Object> wheel = List.of(Map.of("message", "the wheel stands"));
        assertThat(messages("{contains: \"PLAIN\"}")).isEqualTo(plain);
        assertThat(messages("{level: ERROR, logger: \"org.example\"}")).isEqualTo(wheel);
        assertThat(messages("{domainId: \"ethical-scoring\"}")).isEqualTo(wheel);
        assertThat(messages("{taskId: \"" + FakeLogs.TASK + "\"}")).isEqualTo(wheel);
        assertThat(messages("{domainId: \"No Such\"}")).isEqualTo(List.of());
        refused(
                "BAD_USER_INPUT",
                "{ logs(filter: {contains: \"" + "x".repeat(257) + "\"}) { message } }",
                Role.OPERATOR);
        refused("BAD_USER_INPUT", "{ logs(first: -1) { message } }", Role.OPERATOR);
    }

    private Object messages(String filter) {
        String document = "{ logs(filter: " + filter + ") { message } }";
        return Objects.requireNonNull(at(answer(document, Role.OPERATOR), "data.logs"));
    }

    @Test
    void theStackTraceIsForAdministrators() {
        String document = "{ logs { message stackTrace } }";
        refused("FORBIDDEN", document, Role.OPERATOR);
        Map<String, ?> told = answer(document, Role.OPERATOR);
        assertThat(at(told, "data.logs.0.stackTrace")).isNull();
        assertThat(at(told, "data.logs.0.message")).isEqualTo("the wheel stands");
        assertThat((List<?>) told.get("errors")).hasSize(1);
        assertThat(at(answer(document, Role.ADMIN), "data.logs.0.stackTrace"))
                .isEqualTo("java.io.IOException: dry");
    }

    @Test
    void aLevelIsSetAndAnsweredByTheHost() {
        String document = "mutation { setLogLevel(logger: \"org.example\", level: %s) }";
        assertThat(at(answer(document.formatted("DEBUG"), Role.ADMIN), "data.setLogLevel"))
                .isEqualTo("DEBUG");
        assertThat(logs.levels).containsEntry("org.example", LogLevel.DEBUG);
        assertThat(at(answer(document.formatted("null"), Role.ADMIN), "data.setLogLevel"))
                .isEqualTo("INFO");
        refused("FORBIDDEN", document.formatted("DEBUG"), Role.OPERATOR);
        assertThat(logs.levels).isEmpty();
    }

    @Test
    void whatASlowReaderMissesIsCounted() {
        Probe probe = new Probe();
        Outcome outcome =
                bench.engine.execute(
                        Bench.request(
                                "subscription { logAppended { message skipped } }",
                                Map.of(),
                                Role.OPERATOR));
        ((Outcome.Stream) outcome).responses().subscribe(probe);
        logs.listeners.getFirst().logged(FakeLogs.record("m"), 7);
        for (int i = 0; i < 1030; i++)
            logs.listeners.getFirst().logged(FakeLogs.record("m" + i), 0);

        probe.request(2);
        Map<String, ?> first = probe.next();
        // 1 031 came; 1 024 are kept.
        assertThat(at(first, "data.logAppended.message")).isEqualTo("m6");
        assertThat(at(first, "data.logAppended.skipped")).isEqualTo(14);
        assertThat(at(probe.next(), "data.logAppended.skipped")).isEqualTo(0);
        probe.cancel();
        assertThat(logs.listeners).isEmpty();
    }

    @Test
    void withoutALogAllElseIsServed() {
        bench.host.logs = null;
        refused("CONFLICT", "{ logs { message } }", Role.OPERATOR);
        refused("CONFLICT", "mutation { setLogLevel(logger: \"a\") }", Role.ADMIN);
        assertThat(at(answer("{ viewer { name } }", Role.VIEWER), "data.viewer.name"))
                .isEqualTo("maria");
    }
}
