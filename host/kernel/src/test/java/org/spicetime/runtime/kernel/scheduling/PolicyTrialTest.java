// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.kernel.scheduling.HostilePolicy.Crime;
import org.spicetime.runtime.kernel.scheduling.Policies.Watched;

/** The operation checker finds what is wrong with a policy before a domain depends on it. */
final class PolicyTrialTest {
    private final PolicyEnvironment domain =
            new PolicyEnvironment(() -> 0, new SplittableRandom(1), 4, 0, 100, 1_000_000);

    @ParameterizedTest
    @EnumSource(value = Crime.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyCrimeIsFound(Crime crime) {
        for (int calls : new int[] {0, 9, 200}) {
            PolicyEjection fault = tried(new HostilePolicy(crime, calls), List.of());
            assertThat(fault).as("%s after %d calls", crime, calls).isNotNull();
        }
    }

    @Test
    void anHonestPolicyPasses() {
        assertThat(tried(new Watched(), List.of())).isNull();
        assertThat(tried((KeyedPolicy) TaskView::deadline, List.of())).isNull();
    }

    @Test
    void aFaultThatOnlyTheTasksOfTheDomainBringOutIsFound() {
        KeyedPolicy fussy =
                view -> {
                    if (view.estimatedNanos() == 4711) throw new IllegalStateException("4711");
                    return 0;
                };
        assertThat(tried(fussy, List.of())).isNull();
        TrialTask special = TrialTask.madeUp(new SplittableRandom(3), 0, 0, 9);
        special.estimated = 4711;
        PolicyEjection fault = tried(fussy, List.of(special));
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.EXCEPTION);
        assertThat(fault.message()).contains("4711");
    }

    @Test
    void aPolicyThatPutsEverythingOffForEverIsFound() {
        Watched lazy =
                new Watched() {
                    @Override
                    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
                        return null;
                    }

                    @Override
                    public long nextDecisionAt(long now) {
                        return now + 1;
                    }
                };
        PolicyEjection fault = tried(lazy, List.of());
        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(EjectionReason.STARVATION);
    }

    @Test
    void theSamePolicySeesTheSameTrial() {
        Watched first = new Watched();
        Watched second = new Watched();
        tried(first, List.of());
        tried(second, List.of());
        assertThat(second.reasons).isEqualTo(first.reasons);
        assertThat(second.enqueued.stream().map(node -> node.task().id()))
                .containsExactlyElementsOf(
                        first.enqueued.stream().map(node -> node.task().id()).toList());
    }

    private @Nullable PolicyEjection tried(Policy policy, List<TaskView> shown) {
        return new PolicyTrial(domain, 42).run(Policies.binding("TRIED", policy), shown);
    }
}
