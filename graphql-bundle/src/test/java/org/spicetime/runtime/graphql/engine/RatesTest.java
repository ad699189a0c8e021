// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;

/** The rates that are shipped, on a clock that stands still unless it is moved. */
class RatesTest {
    private static final String PAUSE =
            "mutation { pauseDomain(domainId: \"ethical-scoring\") { id } }";
    private static final String TASK =
            "mutation($key: String) { scheduleTask(input: {domainId: \"ethical-scoring\", type: IO,"
                    + " idempotencyKey: $key}) { id } }";
    private static final String TASKS =
            "mutation($inputs: [TaskInput!]!) { scheduleTasks(inputs: $inputs) { id } }";

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private Outcome as(String name, String query) {
        return bench.engine.execute(
                new GraphQlRequest(
                        query,
                        null,
                        Map.of(),
                        Map.of(),
                        new Caller(name, Role.ADMIN, false),
                        false,
                        true,
                        "r-1"));
    }

    private int passed(int times, String query) {
        int passed = 0;
        for (int i = 0; i < times; i++) {
            if (bench.ask(query) instanceof Outcome.Executed) passed++;
        }
        return passed;
    }

    @Test
    void fiftyChangesAtOnceAndTenASecondFromThenOn() {
        assertThat(passed(60, PAUSE)).isEqualTo(50);
        Outcome.Refused refused = bench.refused(PAUSE);
        assertThat(refused.kind()).isEqualTo(Refusal.RATE_LIMITED);
        assertThat(extensions(refused))
                .containsEntry("code", "RATE_LIMITED")
                .containsEntry("classification", "REQUEST")
                .containsEntry("retryAfter", 100L);
        bench.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        assertThat(passed(5, PAUSE)).as("the time that was told is long enough").isOne();
        bench.nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(passed(20, PAUSE)).isEqualTo(10);
        bench.nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(passed(60, PAUSE)).as("a rest is worth a burst").isEqualTo(50);
    }

    @Test
    void whatOneCallerDoesTakesNothingFromAnother() {
        assertThat(passed(60, PAUSE)).isEqualTo(50);
        assertThat(as("paul", PAUSE)).isInstanceOf(Outcome.Executed.class);
    }

    @Test
    void onlyChangesThatWouldRunAreCounted() {
        for (int i = 0; i < 100; i++) {
            assertThat(bench.ask("{ domains { id } }")).isInstanceOf(Outcome.Executed.class);
            assertThat(bench.refused("mutation { nothing }").kind()).isEqualTo(Refusal.VALIDATION);
            assertThat(bench.ask(TASK)).isInstanceOf(Outcome.Executed.class);
        }
        assertThat(passed(60, PAUSE)).isEqualTo(50);
    }

    @Test
    void eachChangeOfARequestIsCounted() {
        String fields =
                String.join(
                        " ",
                        IntStream.range(0, 9)
                                .mapToObj(i ->
                                        "a"
                                                + i
                                                + ": pauseDomain(domainId: \"ethical-scoring\") { id }")
                                .toList());
        String ten =
                "mutation { ... { %s } ...F } fragment F on Mutation { resumeDomain(domainId: \"ethical-scoring\") { id } }"
                        .formatted(fields);
        assertThat(passed(10, ten)).isEqualTo(5);
        assertThat(extensions(bench.refused(ten))).containsEntry("retryAfter", 1000L);
    }

    @Test
    void aThousandNewTasksAtOnceAndASecondButARepeatedOneIsAlwaysAnswered() {
        assertThat(bench.response(TASK, Map.of("key", "k"))).doesNotContainKey("errors");
        List<Map<String, String>> inputs =
                IntStream.range(0, 999)
                        .mapToObj(i -> Map.of("domainId", "ethical-scoring", "type", "IO"))
                        .toList();
        assertThat(bench.response(TASKS, Map.of("inputs", inputs))).doesNotContainKey("errors");
        Map<String, Object> error = bench.error(TASK, Map.of("key", "other"));
        assertThat(at(error, "path.0")).isEqualTo("scheduleTask");
        assertThat(extensions(error))
                .containsEntry("code", "RATE_LIMITED")
                .containsEntry("retryAfter", 1L);
        assertThat(bench.response(TASK, Map.of("key", "k"))).doesNotContainKey("errors");
        assertThat(passed(60, PAUSE)).as("tasks have a rate of their own").isEqualTo(50);
        assertThat(extensions(bench.error(TASKS, Map.of("inputs", inputs))))
                .containsEntry("retryAfter", 999L);
        bench.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(bench.response(TASKS, Map.of("inputs", inputs))).doesNotContainKey("errors");
    }

    @Test
    void callersWhoRestAreForgotten() {
        for (int i = 0; i < 3000; i++) {
            as("caller-" + i, PAUSE);
            bench.nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        assertThat(bench.engine.callers()).isLessThanOrEqualTo(1000);
    }
}
