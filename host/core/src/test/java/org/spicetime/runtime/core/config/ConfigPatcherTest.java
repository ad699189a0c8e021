// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.spicetime.runtime.api.domain.ConfigChange;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.domain.TaskLimit;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.task.Durability;

class ConfigPatcherTest {

    private final ConfigTable table = new ConfigTable(4, Durability.VOLATILE);
    private final ConfigPatcher patcher = new ConfigPatcher(table, new TwoPolicies());
    private final DomainConfig defaults = table.defaults();

    /** Two policies and one strategy, without parameters. */
    private static final class TwoPolicies implements Choosable {
        @Override
        public List<String> policies() {
            return List.of("PRIORITY", "EDF");
        }

        @Override
        public List<String> allocators() {
            return List.of("TLSF");
        }

        @Override
        public void checkPolicyParameters(String policy, Map<String, Object> parameters) {
            if (!parameters.isEmpty()) {
                throw RefusedException.badInput("scheduler.parameters", "there are none");
            }
        }

        @Override
        public void checkAllocator(
                String allocator, long poolBytes, Map<String, Object> parameters) {}

        @Override
        public boolean durable() {
            return false;
        }
    }

    @SuppressWarnings(
            "NullAway") // the class file of the record does not tell that values may be null
    private static ConfigPatch at(String path, @Nullable Object value) {
        String[] names = path.split("\\.", -1);
        @Nullable Object inner = value;
        for (int i = names.length - 1; i >= 0; i--) {
            inner = Collections.singletonMap(names[i], inner);
        }
        @SuppressWarnings("unchecked")
        Map<String, @Nullable Object> patch = (Map<String, @Nullable Object>) inner;
        return new ConfigPatch(java.util.Objects.requireNonNull(patch));
    }

    @Test
    void aPatchChangesWhatItNamesAndNothingElse() {
        DomainConfig changed =
                patcher.apply(
                        defaults,
                        new ConfigPatch(
                                Map.of(
                                        "scheduler",
                                        Map.of("policy", "EDF", "quantum", 10),
                                        "memory",
                                        Map.of("poolSize", new BigDecimal("8388608")),
                                        "executor",
                                        Map.of("parallelism", BigInteger.TWO))));
        assertThat(changed.scheduler().policy()).isEqualTo("EDF");
        assertThat(changed.scheduler().quantum()).isEqualTo(Duration.ofMillis(10));
        assertThat(changed.memory().poolSizeBytes()).isEqualTo(8 << 20);
        assertThat(changed.executor().parallelism()).isEqualTo(2);
        assertThat(changed.scheduler().priorities()).isEqualTo(defaults.scheduler().priorities());
        assertThat(changed.networking()).isEqualTo(defaults.networking());
        assertThat(changed.tasks()).isEqualTo(defaults.tasks());
    }

    @Test
    void aCeilingIsSetAndTakenAwayAgainAndBothAreChanges() {
        DomainConfig set = patcher.apply(defaults, at("scheduler.priorities.ceiling", 80));
        assertThat(set.scheduler().priorities().ceiling()).isEqualTo(80);
        assertThat(table.changes(defaults, set))
                .containsExactly(new ConfigChange("scheduler.priorities.ceiling", null, 80L));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> patcher.apply(set, at("scheduler.priorities.max", 70)))
                .withMessage("scheduler.priorities.ceiling must be 0 .. 70, was 80");
        DomainConfig unset = patcher.apply(set, at("scheduler.priorities.ceiling", null));
        assertThat(unset).isEqualTo(defaults);
        assertThat(table.changes(set, unset))
                .containsExactly(new ConfigChange("scheduler.priorities.ceiling", 80L, null));
        assertThat(patcher.apply(set, at("scheduler.priorities", null))).isEqualTo(defaults);
        assertThat(
                        patcher.apply(defaults, at("scheduler.priorities.protocol", "CEILING"))
                                .scheduler()
                                .priorities()
                                .protocol())
                .isEqualTo(PriorityProtocol.CEILING);
    }

    @Test
    void aThresholdIsGivenWithItsModeAndLiesInTheRangeOfPriorities() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(
                        () -> patcher.apply(defaults, at("scheduler.preemption.mode", "THRESHOLD")))
                .withMessage(
                        "scheduler.preemption.threshold must be given with scheduler.preemption.mode"
                                + " THRESHOLD: a priority from 0 to 100");
        DomainConfig set =
                patcher.apply(
                        defaults,
                        at("scheduler.preemption", Map.of("mode", "THRESHOLD", "threshold", 70)));
        assertThat(patcher.apply(set, at("scheduler.preemption.enabled", true)))
                .extracting(config -> config.scheduler().preemption().threshold())
                .isEqualTo(70);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> patcher.apply(set, at("scheduler.preemption.threshold", 101)))
                .withMessage("scheduler.preemption.threshold must be 0 .. 100, was 101");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> patcher.apply(set, at("scheduler.priorities.max", 60)))
                .withMessage("scheduler.preemption.threshold must be 0 .. 60, was 70");
    }

    @Test
    void slicesOutOfRangeAreRefusedByNameAndRange() {
        for (String path : List.of("scheduler.quantumMicros", "scheduler.preemption.granularity")) {
            for (Object wrong : List.of(-1, 60_000_001, 1.5, "soon")) {
                assertThatExceptionOfType(RefusedException.class)
                        .isThrownBy(() -> patcher.apply(defaults, at(path, wrong)))
                        .withMessageStartingWith(path)
                        .withMessageContaining("0 .. 60000000");
            }
            assertThat(patcher.apply(defaults, at(path, 100))).isNotEqualTo(defaults);
        }
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(
                        () -> patcher.apply(defaults, at("scheduler.preemption.mode", "SOMETIMES")))
                .withMessageStartingWith("scheduler.preemption.mode");
    }

    @Test
    void nullRestoresTheDefaultOfAMemberAndOfAGroup() {
        DomainConfig changed =
                patcher.apply(
                        defaults,
                        new ConfigPatch(
                                Map.of(
                                        "executor", Map.of("parallelism", 3, "batchSize", 7),
                                        "scheduler", Map.of("quantumMicros", 250))));
        assertThat(
                        patcher.apply(changed, at("executor.parallelism", null))
                                .executor()
                                .parallelism())
                .isEqualTo(4);
        assertThat(patcher.apply(changed, at("executor", null)).executor())
                .isEqualTo(defaults.executor());
        assertThat(patcher.apply(changed, at("scheduler.quantum", null)).scheduler().quantum())
                .isEqualTo(Duration.ZERO);
    }

    @Test
    @SuppressWarnings("NullAway") // as above
    void whatIsNestedFromAConfigurationIsAPatchThatYieldsIt() {
        DomainConfig changed = patcher.apply(defaults, at("executor.batchSize", 9));
        Map<String, @Nullable Object> nested = new HashMap<>(table.nested(changed));
        assertThat(patcher.apply(defaults, new ConfigPatch(nested))).isEqualTo(changed);
    }

    @Test
    void everyPropertyHasADescriptionARangeAndAnAllowedDefault() {
        for (Property property : table.properties()) {
            assertThat(property.description()).as(property.path()).isNotBlank();
            assertThat(property.range()).as(property.path()).isNotBlank();
            Object value = property.defaultValue();
            if (value != null) {
                assertThat(property.kind().read(property.path(), value))
                        .as(property.path())
                        .isEqualTo(value);
            }
        }
    }

    static List<Arguments> refused() {
        return List.of(
                Arguments.of("scheduler.quantum", -1, "scheduler.quantum"),
                Arguments.of("scheduler.quantum", 60_001, "scheduler.quantum"),
                Arguments.of("scheduler.quantum", 1.5, "scheduler.quantum"),
                Arguments.of("scheduler.quantum", "10", "scheduler.quantum"),
                Arguments.of("scheduler.quantum", Double.NaN, "scheduler.quantum"),
                Arguments.of("scheduler.quantum", Double.POSITIVE_INFINITY, "scheduler.quantum"),
                Arguments.of(
                        "scheduler.quantum", new BigDecimal("1e999999999"), "scheduler.quantum"),
                Arguments.of(
                        "scheduler.quantum", new BigDecimal("1e-999999999"), "scheduler.quantum"),
                Arguments.of(
                        "scheduler.quantum",
                        BigInteger.ONE.shiftLeft(100_000),
                        "scheduler.quantum"),
                Arguments.of("scheduler.quantum", List.of(1), "scheduler.quantum"),
                Arguments.of("scheduler.policy", "LOTTERY", "scheduler.policy"),
                Arguments.of("scheduler.policy", 5, "scheduler.policy"),
                Arguments.of("scheduler.policy", "a\u0000b", "scheduler.policy"),
                Arguments.of("scheduler.parameters", Map.of("x", 1), "scheduler.parameters"),
                Arguments.of("scheduler.parameters", "x", "scheduler.parameters"),
                Arguments.of("scheduler.priorities.min", 101, "scheduler.priorities.min"),
                Arguments.of("scheduler.priorities.max", 5000, "scheduler.priorities.max"),
                Arguments.of("scheduler.priorities.max", 10, "scheduler.priorities.default"),
                Arguments.of("scheduler.priorities.max", 1L << 40, "scheduler.priorities.max"),
                Arguments.of(
                        "scheduler.priorities.protocol",
                        "HIGHEST",
                        "scheduler.priorities.protocol"),
                Arguments.of("scheduler.priorities.ceiling", 101, "scheduler.priorities.ceiling"),
                Arguments.of("scheduler.priorities.ceiling", -1, "scheduler.priorities.ceiling"),
                Arguments.of("scheduler.priorities.ceiling", 1.5, "scheduler.priorities.ceiling"),
                Arguments.of("scheduler.priorities.ceiling", "x", "scheduler.priorities.ceiling"),
                Arguments.of(
                        "scheduler.priorities.agingInterval",
                        -5,
                        "scheduler.priorities.agingInterval"),
                Arguments.of("scheduler.priorities.agingStep", 0, "scheduler.priorities.agingStep"),
                Arguments.of("scheduler.preemption.enabled", "no", "scheduler.preemption.enabled"),
                Arguments.of("scheduler.maxStarted", 4097, "scheduler.maxStarted"),
                Arguments.of("scheduler", 5, "scheduler"),
                Arguments.of("memory.poolSize", -1, "memory.poolSize"),
                Arguments.of("memory.poolSize", 0, "memory.poolSize"),
                Arguments.of("memory.poolSize", (4 << 20) + 1, "memory.poolSize"),
                Arguments.of("memory.poolSize", 9e99, "memory.poolSize"),
                Arguments.of("memory.poolSize", "abc", "memory.poolSize"),
                Arguments.of("memory.poolSize", BigInteger.ONE.shiftLeft(63), "memory.poolSize"),
                Arguments.of("memory.allocationType", "BUDDY", "memory.allocationType"),
                Arguments.of(
                        "memory.garbageCollection.strategy",
                        "GENERATIONAL",
                        "memory.garbageCollection.strategy"),
                Arguments.of(
                        "memory.garbageCollection.compaction",
                        "yes",
                        "memory.garbageCollection.compaction"),
                Arguments.of(
                        "memory.garbageCollection.interval",
                        -10,
                        "memory.garbageCollection.interval"),
                Arguments.of(
                        "memory.garbageCollection.threshold",
                        1.1,
                        "memory.garbageCollection.threshold"),
                Arguments.of("executor.parallelism", 0, "executor.parallelism"),
                Arguments.of("executor.parallelism", 1025, "executor.parallelism"),
                Arguments.of("executor.queuePolicy", "RANDOM", "executor.queuePolicy"),
                Arguments.of("executor.colour", 1, "executor"),
                Arguments.of("colour", 1, "config"),
                Arguments.of(
                        "networking.retryPolicy.maxAttempts",
                        101,
                        "networking.retryPolicy.maxAttempts"),
                Arguments.of(
                        "networking.retryPolicy.maxDelay", 1, "networking.retryPolicy.maxDelay"),
                Arguments.of(
                        "networking.retryPolicy.retryOn",
                        List.of("SOMETIMES"),
                        "networking.retryPolicy.retryOn"),
                Arguments.of("networking.maxConnections", 0, "networking.maxConnections"),
                Arguments.of("tasks.durability", "DURABLE", "tasks.durability"),
                limits("tasks.limits", "none"),
                limits("tasks.limits", Collections.nCopies(101, Map.of("maxRunning", 1))),
                limits("tasks.limits[0]", List.of(5)),
                limits("tasks.limits[0]", List.of(Map.of())),
                limits("tasks.limits[0]", List.of(Map.of("maxRunning", 1, "colour", 1))),
                limits("tasks.limits[0]", List.of(Map.of("maxRunning", 4097))),
                limits("tasks.limits[0].maxRunning", List.of(Map.of("maxRunning", 1.5))),
                limits("tasks.limits[0].rate", List.of(Map.of("rate", Double.NaN))),
                limits("tasks.limits[0]", List.of(Map.of("rate", 1e7))),
                limits("tasks.limits[0]", List.of(Map.of("rate", 1, "burst", 0))),
                limits("tasks.limits[0].handler", List.of(Map.of("rate", 1, "handler", 5))),
                limits("tasks.limits[0]", List.of(Map.of("rate", 1, "concurrencyKey", "a*b"))),
                limits(
                        "tasks.limits[1]",
                        List.of(
                                Map.of("maxRunning", 1, "concurrencyKey", "a"),
                                Map.of("rate", 2, "concurrencyKey", "a"))));
    }

    private static Arguments limits(String field, Object value) {
        return Arguments.of("tasks.limits", value, field);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("refused")
    void aWrongValueIsRefusedWithItsFieldAndItsRange(String path, Object value, String field) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> patcher.apply(defaults, at(path, value)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
                            assertThat(refused.details()).containsEntry("field", field);
                            assertThat(refused.getMessage())
                                    .startsWith(field)
                                    .hasSizeLessThan(600)
                                    .doesNotContain("\u0000");
                        });
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }

    @Test
    void aChoiceThatIsNotThereIsNotAvailableWithWhatIs() {
        assertThatThrownBy(() -> patcher.apply(defaults, at("scheduler.policy", "LOTTERY")))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused ->
                                assertThat(refused.details())
                                        .containsEntry("reason", "NOT_AVAILABLE")
                                        .containsEntry("available", List.of("EDF", "PRIORITY")));
    }

    @Test
    void bothQuantaAtOnceContradictEachOther() {
        ConfigPatch both =
                new ConfigPatch(Map.of("scheduler", Map.of("quantum", 1, "quantumMicros", 1000)));
        assertThatThrownBy(() -> patcher.apply(defaults, both))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not both");
    }

    @Test
    void limitsReplaceTheFormerListAndAreReadBackAsTheyAreWritten() {
        List<Map<String, ?>> two =
                List.of(
                        Map.of("handler", "mail", "rate", 0.5, "burst", 3),
                        Map.of("concurrencyKey", "tenant:*", "maxRunning", 2));
        DomainConfig config = patcher.apply(defaults, at("tasks.limits", two));
        assertThat(config.tasks().limits())
                .containsExactly(
                        new TaskLimit("mail", null, 0, 0.5, 3),
                        new TaskLimit(null, "tenant:*", 2, 0, 1));
        assertThat(patcher.apply(defaults, new ConfigPatch(table.nested(config))))
                .isEqualTo(config);
        assertThat(
                        patcher.apply(config, at("tasks.limits", List.of(Map.of("rate", 9))))
                                .tasks()
                                .limits())
                .containsExactly(new TaskLimit(null, null, 0, 9, 1));
        assertThat(patcher.apply(config, at("tasks.limits", List.of()))).isEqualTo(defaults);
    }

    @Test
    void aFileMayNamePluginsThatComeLater() {
        DomainConfig config = patcher.provision(defaults, at("scheduler.policy", "LATER"));
        assertThat(config.scheduler().policy()).isEqualTo("LATER");
    }
}
