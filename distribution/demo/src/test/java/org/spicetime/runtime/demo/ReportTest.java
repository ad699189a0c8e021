// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Instant ZERO = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void anOrderOfDispatchByDeadlineAgreesWithDeadlinesAlone() {
        Report report =
                new Report(
                        "any",
                        "EDF",
                        ZERO,
                        IntStream.range(0, 40).mapToObj(i -> ran(i, i, i * 7 % 40)).toList());

        assertThat(report.agreementWithDeadlines()).isEqualTo(1.0);
        assertThat(report.agreementWithPriorities()).isCloseTo(0.5, within(0.2));
    }

    @Test
    void aReversedOrderAgreesWithNothing() {
        Report report =
                new Report(
                        "any",
                        "PRIORITY",
                        ZERO,
                        IntStream.range(0, 10).mapToObj(i -> ran(i, 10 - i, i)).toList());

        assertThat(report.agreementWithDeadlines()).isZero();
        assertThat(report.agreementWithPriorities()).isZero();
    }

    @Test
    void aTaskThatEndsAfterItsDeadlineIsLate() {
        assertThat(ran(5, 4, 0).late()).isTrue();
        assertThat(ran(5, 60, 0).late()).isFalse();
    }

    @Test
    void deadlinesAndPrioritiesOfTheWorkloadDisagree() {
        Workload workload = new Workload("any", "run", 0, 99, URI.create("http://127.0.0.1:1/"));

        List<Map<String, Object>> inputs = workload.inputs(ZERO);

        assertThat(inputs).hasSizeGreaterThan(Workload.ORDERED);
        assertThat(inputs.stream().map(input -> input.get("type")))
                .contains("COMPUTATION", "IO", "NETWORK", "MAINTENANCE");
        List<Integer> priorities =
                inputs.subList(0, Workload.ORDERED).stream()
                        .map(input -> (Integer) input.get("priority"))
                        .toList();
        assertThat(priorities).allMatch(priority -> priority >= 0 && priority <= 99);
        assertThat(priorities).isNotEqualTo(priorities.stream().sorted().toList());
    }

    /** A task that was dispatched at this second, ran one second, and was due at that one. */
    private static Ran ran(int startSecond, int deadlineSecond, int priority) {
        return new Ran(
                "computation " + startSecond,
                "COMPUTATION",
                priority,
                ZERO.plusSeconds(deadlineSecond),
                "COMPLETED",
                "COMPLETED",
                null,
                ZERO.plusSeconds(startSecond),
                ZERO.plusSeconds(startSecond + 1L),
                0,
                1,
                0,
                null);
    }
}
