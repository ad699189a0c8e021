// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;

/** What a configuration lets a domain count on. */
final class BudgetsTest {
    private static final PolicyDescriptor PREEMPTIVE =
            new PolicyDescriptor(
                    "P",
                    "1",
                    "Policy of a test.",
                    Ordering.STRICT,
                    true,
                    true,
                    Optional.empty(),
                    List.of());

    private final TestHost host = new TestHost();

    @AfterEach
    void close() {
        host.close();
    }

    private Budget budget(int parallelism, Map<String, Object> scheduler, @Nullable Double cores) {
        return budget("budget", parallelism, scheduler, cores);
    }

    private Budget budget(
            String id, int parallelism, Map<String, Object> scheduler, @Nullable Double cores) {
        Domain domain =
                host.domain(
                        id,
                        Map.of(
                                "scheduler",
                                scheduler,
                                "executor",
                                Map.of("parallelism", parallelism)));
        ResourceAllocation grant =
                cores == null
                        ? null
                        : new ResourceAllocation(
                                UUID.randomUUID(),
                                DomainId.of("budget"),
                                new ResourceAllocation.CpuGrant(cores, 1),
                                null,
                                null,
                                1,
                                Instant.EPOCH);
        return Budgets.of(domain.state().config(), grant, PREEMPTIVE, 2);
    }

    private static Map<String, Object> preemption(Map<String, Object> members) {
        return Map.of("preemption", members);
    }

    @Test
    void withoutPreemptionEachRunsToItsEnd() {
        assertThat(budget(2, Map.of(), null)).isEqualTo(new Budget(2, 1, false, 0));
    }

    @Test
    void aSliceBoundsHowLongTheLessUrgentRun() {
        assertThat(budget(1, Map.of("quantum", 5), null))
                .isEqualTo(new Budget(1, 1, true, 5_000_000));
    }

    @Test
    void preemptionWaitsForTheShortestRun() {
        assertThat(budget(1, preemption(Map.of("enabled", true, "granularity", 100)), null))
                .isEqualTo(new Budget(1, 1, true, 100_000));
    }

    @Test
    void typesThatAreNotPreemptedBlockOnOneSlotAndCannotBeAnalysedOnSeveral() {
        Map<String, Object> some =
                preemption(Map.of("enabled", true, "nonPreemptible", List.of("IO")));
        assertThat(budget("one", 1, some, null)).isEqualTo(new Budget(1, 1, false, 0));
        assertThat(budget("two", 2, some, null)).isEqualTo(new Budget(2, 1, true, 1));
    }

    @Test
    void moreSlotsThanProcessorsAreNotCountedOn() {
        assertThat(budget(8, Map.of(), null).slots()).isEqualTo(2);
    }

    @Test
    void aFractionOfAProcessorComesLaterAndInGaps() {
        assertThat(budget(1, preemption(Map.of("enabled", true)), 0.5))
                .isEqualTo(new Budget(1, 0.5, true, 10_000_000));
    }
}
