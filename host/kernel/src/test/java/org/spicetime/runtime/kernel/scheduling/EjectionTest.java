// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.StarvationBound;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.kernel.scheduling.HostilePolicy.Crime;
import org.spicetime.runtime.kernel.task.Fixture;
import org.spicetime.runtime.kernel.task.TaskEntry;

final class EjectionTest {
    private final Fixture domain = new Fixture();

    @ParameterizedTest
    @EnumSource(Crime.class)
    void whateverAPolicyDoesEveryTaskRunsOnce(Crime crime) {
        for (int calls : new int[] {0, 1, 7, 60}) {
            Fixture fresh = new Fixture();
            use(fresh, new HostilePolicy(crime, calls), Optional.empty());
            List<TaskEntry> entries = workload(fresh);
            assertThat(fresh.finished)
                    .as("%s after %d calls", crime, calls)
                    .containsExactlyInAnyOrderElementsOf(entries);
            fresh.kernel.audit(fresh.now());
            if (crime == Crime.NONE) {
                assertThat(fresh.ejections).isEmpty();
            } else if (calls < 60) {
                assertThat(fresh.ejections).as("%s after %d calls", crime, calls).hasSize(1);
                assertThat(fresh.kernel.activePolicy()).isSameAs(SafeFifo.BINDING);
                assertThat(fresh.ejections.getFirst().reason()).isEqualTo(reasonOf(crime));
                assertThat(fresh.ejections.getFirst().ejected().bundle()).isEqualTo("evil;1.0");
                assertThat(fresh.kernel.counts().ejections()).isEqualTo(1);
            }
        }
    }

    @Test
    void theReportNamesTheExceptionItsPlaceAndTheLastCalls() {
        use(domain, new HostilePolicy(Crime.THROWS_ON_PICK, 0), Optional.empty());
        domain.admit(task());
        domain.pick();
        PolicyEjection ejection = domain.ejections.getFirst();
        assertThat(ejection.message())
                .isEqualTo("pickNext threw java.lang.UnsupportedOperationException: as planned");
        assertThat(ejection.report())
                .extractingByKey("frames")
                .asString()
                .contains("HostilePolicy.throwIf");
        assertThat(ejection.report())
                .containsEntry("lastCalls", List.of("enqueue 1", "pickNext -1"));
    }

    @Test
    void aKeyThatThrowsEjectsAKeyedPolicy() {
        KeyedPolicy broken =
                view -> {
                    if (view.priority() == 7) throw new IllegalStateException("seven");
                    return 0;
                };
        use(domain, broken, Optional.empty());
        TaskEntry first = domain.admit(task().priority(1));
        TaskEntry second = domain.admit(task().priority(7));
        assertThat(domain.ejections).hasSize(1);
        assertThat(domain.pick()).isSameAs(first);
        assertThat(domain.pick()).isSameAs(second);
    }

    @Test
    void aPolicyThatBreaksItsStarvationBoundIsEjectedAndTheOldestTaskRuns() {
        KeyedPolicy newestFirst = view -> -view.seq();
        use(domain, newestFirst, Optional.of(new StarvationBound(1, 10)));
        TaskEntry starving = domain.admit(task());
        for (int i = 0; domain.ejections.isEmpty(); i++) {
            assertThat(i).as("picks before the ejection").isLessThan(20);
            domain.admit(task());
            domain.succeed(domain.pick());
        }
        assertThat(domain.ejections.getFirst().reason()).isEqualTo(EjectionReason.STARVATION);
        assertThat(domain.finished).contains(starving);
    }

    @Test
    void withoutABoundNobodyIsJudgedForStarvation() {
        use(domain, (KeyedPolicy) view -> -view.seq(), Optional.empty());
        domain.admit(task());
        for (int i = 0; i < 1000; i++) {
            domain.admit(task());
            domain.succeed(domain.pick());
        }
        assertThat(domain.ejections).isEmpty();
    }

    @Test
    void aPolicyThatLeavesIsReplacedAndRecovers() {
        KeyedPolicy byPriority = view -> -(long) view.priority();
        use(domain, byPriority, Optional.empty());
        TaskEntry low = domain.admit(task().priority(1));
        TaskEntry high = domain.admit(task().priority(9));
        domain.kernel.fallBack(EjectionReason.BUNDLE_GONE, "stopped", domain.now());
        domain.kernel.fallBack(EjectionReason.BUNDLE_GONE, "stopped", domain.now());
        assertThat(domain.ejections)
                .extracting(PolicyEjection::reason)
                .containsExactly(EjectionReason.BUNDLE_GONE);
        assertThat(domain.kernel.activePolicy().name()).isEqualTo("SAFE_FIFO");
        assertThat(domain.pick()).isSameAs(low);
        use(domain, byPriority, Optional.empty());
        assertThat(domain.pick()).isSameAs(high);
    }

    @Test
    void anAuditFindsATaskThatAPolicyLost() {
        use(domain, new HostilePolicy(Crime.LOSES_A_TASK, 0), Optional.empty());
        domain.admit(task());
        assertThat(domain.ejections).isEmpty();
        domain.kernel.audit(domain.now());
        assertThat(domain.ejections)
                .extracting(PolicyEjection::reason)
                .containsExactly(EjectionReason.LOST);
    }

    private static List<TaskEntry> workload(Fixture domain) {
        List<TaskEntry> entries = new ArrayList<>();
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 3; i++) entries.add(domain.admit(task().priority(round % 10)));
            TaskEntry newest = entries.getLast();
            domain.kernel.changePriority(newest.taskId(), 10, domain.now());
            domain.kernel.suspend(newest.taskId(), domain.now());
            domain.kernel.resume(newest.taskId(), domain.now());
            TaskEntry picked = domain.pick();
            assertThat(domain.kernel.quantumNanos(picked)).isNotNegative();
            domain.pass(Duration.ofMillis(1));
            domain.succeed(picked);
        }
        while (domain.kernel.unfinished() > 0) domain.succeed(domain.pick());
        return entries;
    }

    private static EjectionReason reasonOf(Crime crime) {
        return switch (crime) {
            case LOSES_A_TASK,
                    LOSES_A_TASK_AND_HIDES_IT,
                    PICKS_NOTHING,
                    LIES_ABOUT_SIZE,
                    DENIES_WHAT_IT_REMOVES ->
                    EjectionReason.LOST;
            case PICKS_TWICE,
                    PICKS_A_NODE_OF_ITS_OWN,
                    PICKS_NOTHING_AND_NAMES_THE_PAST,
                    ANSWERS_A_NEGATIVE_QUANTUM ->
                    EjectionReason.INVALID_RESULT;
            case RUNS_OUT_OF_MEMORY -> EjectionReason.RESOURCE_ABUSE;
            default -> EjectionReason.EXCEPTION;
        };
    }

    static void use(Fixture domain, Policy policy, Optional<StarvationBound> bound) {
        PolicyDescriptor descriptor =
                new PolicyDescriptor(
                        "TEST", "1", "For tests.", Ordering.STRICT, false, false, bound, List.of());
        domain.kernel.usePolicy(PolicyBinding.of(policy, descriptor, "evil;1.0"), domain.now());
    }

    @Test
    void theFallbackRanksByReleaseAlone() {
        TaskEntry entry = domain.admit(task());
        TaskView view = entry;
        assertThat(((KeyedPolicy) SafeFifo.BINDING.policy()).key(view)).isEqualTo(entry.seq());
    }
}
