// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;

/** A restart of the host does not forget who is quarantined, and why. */
final class QuarantineFileTest {
    private static final PluginOrigin BUNDLE = PluginOrigin.of("test.bundle", "1.0.0");
    private static final PluginKind POLICY = PluginKind.SCHEDULING_POLICY;

    @TempDir private Path directory;
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    private Path file() {
        return directory.resolve("store").resolve("quarantine.json");
    }

    private PluginRegistry host() {
        PluginRegistry registry = new PluginRegistry(now::get, Duration.ofSeconds(2), file());
        registry.addPolicy(new Plugins.Factory("MINE"), BUNDLE);
        return registry;
    }

    private static Ejection incident(Map<String, Object> report) {
        return new Ejection(
                UUID.randomUUID(),
                Instant.parse("2026-01-01T00:00:00.123456789Z"),
                POLICY,
                "MINE",
                "1",
                "test.bundle",
                "1.0.0",
                DomainId.of("a-domain"),
                EjectionReason.LOST,
                "it lost \"a task\"\n\u0000",
                "SAFE_FIFO",
                Duration.ofNanos(1234),
                report);
    }

    @Test
    void aQuarantineGoesOnAfterARestart() {
        Ejection incident =
                incident(Map.of("lastCalls", List.of("pickNext -1"), "queue", List.of(), "n", 7L));
        PluginRegistry first = host();
        first.eject(POLICY, "MINE", incident);
        first.close();
        PluginRegistry second = host();
        assertThat(second.fileProblem()).isNull();
        assertThat(second.policy("MINE")).isEmpty();
        assertThat(second.ejections(POLICY, "MINE")).containsExactly(incident);

        now.set(now.get().plusSeconds(61));
        assertThat(second.policy("MINE")).isPresent();
        second.eject(POLICY, "MINE", incident);
        second.close();
        now.set(now.get().plusSeconds(61));
        assertThat(host().policy("MINE")).as("the second one lasts longer").isEmpty();
        now.set(now.get().plusSeconds(60));
        assertThat(host().policy("MINE")).isPresent();
    }

    @Test
    void anotherVersionStartsCleanAfterARestartToo() {
        PluginRegistry first = host();
        first.eject(POLICY, "MINE", incident(Map.of()));
        first.close();
        PluginRegistry second = new PluginRegistry(now::get, Duration.ofSeconds(2), file());
        second.addPolicy(new Plugins.Factory("MINE"), PluginOrigin.of("test.bundle", "1.0.1"));
        assertThat(second.policy("MINE")).isPresent();
        assertThat(second.ejections(POLICY, "MINE")).hasSize(1);
    }

    @Test
    void aPardonIsRememberedAsWell() {
        PluginRegistry first = host();
        first.eject(POLICY, "MINE", incident(Map.of()));
        first.reinstate(POLICY, "MINE");
        first.close();
        assertThat(host().policy("MINE")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"format\":2,\"sentences\":[],\"incidents\":[]}",
                "{\"format\":1,\"sentences\":[{\"kind\":\"NONE\"}],\"incidents\":[]}",
                "{\"format\":1,\"sentences\":7,\"incidents\":[]}"
            })
    void aFileThatCannotBeReadIsSetAsideAndTold(String text) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), text);
        PluginRegistry registry = host();
        assertThat(registry.policy("MINE")).isPresent();
        assertThat(registry.fileProblem()).contains("quarantine.json", "unreadable");
        assertThat(directory.resolve("store").resolve("quarantine.json.unreadable"))
                .hasContent(text);
        registry.eject(POLICY, "MINE", incident(Map.of()));
        registry.close();
        assertThat(host().policy("MINE")).isEmpty();
    }

    @Test
    void aFileOfAFarFutureKeepsNobodyAwayForMoreThanAnHour() {
        PluginRegistry first = host();
        Instant present = now.get();
        now.set(present.plus(Duration.ofDays(400)));
        first.eject(POLICY, "MINE", incident(Map.of()));
        first.close();
        now.set(present);
        PluginRegistry second = host();
        now.set(present.plus(Quarantine.LONGEST));
        assertThat(second.policy("MINE")).isPresent();
    }

    @Test
    void ofAHugeReportTheLongPartsAreLeftOut() {
        List<String> calls = IntStream.range(0, 10_000).mapToObj(i -> "pickNext " + i).toList();
        PluginRegistry first = host();
        first.eject(POLICY, "MINE", incident(Map.of("lastCalls", calls, "generation", 3L)));
        first.close();
        assertThat(host().ejections(POLICY, "MINE").getFirst().report())
                .containsOnlyKeys("generation");
    }
}
