// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskStatus;

/** A choice of policy that cannot be is refused by name and range, and nothing is changed by it. */
@Timeout(60)
class PolicyChoiceTest {
    private static final int WAITING = 50;

    private final TestHost host = new TestHost();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Task> tasks = new ArrayList<>();
    private Domain domain = host.domain("chosen");

    @BeforeEach
    void fillTheQueue() {
        host.registry.addPolicy(new Ranged(), TestHost.BUNDLE);
        host.work(
                "hold",
                context -> {
                    TestHost.compute(release);
                    return null;
                });
        // Nobody else is started, even if the one that holds the slot should lose it.
        domain =
                host.domain(
                        "full",
                        Map.of(
                                "executor",
                                Map.of("parallelism", 1),
                                "scheduler",
                                Map.of("maxStarted", 1)));
        tasks.add(TestHost.get(domain.schedule(TestHost.task("hold").build())));
        TestHost.until(() -> domain.metrics().tasksRunning() == 1);
        for (int i = 0; i < WAITING; i++) {
            tasks.add(TestHost.get(domain.schedule(TestHost.task("nothing").build())));
        }
    }

    @AfterEach
    void everyTaskRunsAllTheSame() {
        release.countDown();
        for (Task task : tasks) {
            assertThat(TestHost.ended(domain, task.id()).status()).isEqualTo(TaskStatus.COMPLETED);
        }
        host.close();
    }

    @Test
    void aPolicyThatNoBundleShips() {
        refused(
                Map.of("policy", "LOTTERY"),
                "scheduler.policy",
                "NOT_AVAILABLE",
                "FIFO",
                "PRIORITY",
                "RANGED");
    }

    @Test
    void aPolicyThatIsQuarantined() {
        host.registry.addPolicy(
                new TestHost.Keyed(
                        "BROKEN",
                        task -> {
                            throw new IllegalStateException("broken");
                        }),
                TestHost.BUNDLE);
        assertThatThrownBy(() -> TestHost.get(configure(Map.of("policy", "BROKEN"))))
                .hasMessageContaining("trial");
        refused(Map.of("policy", "BROKEN"), "scheduler.policy", "NOT_AVAILABLE", "FIFO");
    }

    @Test
    void aParameterOutOfItsRange() {
        refused(
                Map.of("policy", "RANGED", "parameters", Map.of("least", 11)),
                "scheduler.parameters.least",
                null,
                "0 .. 10",
                "11");
    }

    @Test
    void aParameterThatThePolicyDoesNotHave() {
        refused(
                Map.of("policy", "RANGED", "parameters", Map.of("middle", 1)),
                "scheduler.parameters.middle",
                null,
                "least",
                "most");
    }

    @Test
    void parametersThatContradictEachOther() {
        refused(
                Map.of("policy", "RANGED", "parameters", Map.of("least", 7, "most", 3)),
                "scheduler.parameters.least",
                null,
                "at most 3",
                "7");
        assertThat(host.registry.policy("RANGED")).as("not its fault").isPresent();
    }

    @Test
    void aSettingOfTheDomainThatContradictsTheParametersInForce() {
        TestHost.get(configure(Map.of("policy", "RANGED")));
        assertThat(domain.state().activePolicy()).isEqualTo("RANGED");
        refused(Map.of("quantum", 5_000), "scheduler.parameters.most", null, "quantum");
        assertThat(domain.state().activePolicy()).isEqualTo("RANGED");
    }

    private CompletionStage<DomainState> configure(Map<String, @Nullable Object> scheduler) {
        return domain.configure(TestHost.patch("scheduler", scheduler), null);
    }

    private void refused(
            Map<String, @Nullable Object> scheduler,
            String field,
            @Nullable String reason,
            String... said) {
        DomainState before = domain.state();
        assertThatThrownBy(() -> TestHost.get(configure(scheduler)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refusal -> {
                            assertThat(refusal.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
                            assertThat(refusal.details()).containsEntry("field", field);
                            if (reason != null) {
                                assertThat(refusal.details()).containsEntry("reason", reason);
                            }
                            assertThat(refusal.getMessage() + refusal.details())
                                    .contains(field)
                                    .contains(said);
                        });
        assertThat(domain.state()).isEqualTo(before);
        assertThat(domain.metrics().tasksPending()).isEqualTo(WAITING);
    }

    /** A policy whose parameters have ranges that depend on each other and on the domain. */
    private static final class Ranged implements SchedulingPolicyFactory {
        @Override
        public PolicyDescriptor descriptor() {
            return new PolicyDescriptor(
                    "RANGED",
                    "1.0.0",
                    "Policy of a test.",
                    Ordering.STRICT,
                    false,
                    false,
                    Optional.empty(),
                    List.of(
                            OptionSpec.number("least", 0, 0, 10, "", "The least."),
                            OptionSpec.number("most", 10, 0, 10, "", "The most.")));
        }

        @Override
        public Policy create(PolicyContext context, Options options) {
            long least = options.number("least");
            long most = options.number("most");
            if (least > most)
                throw RefusedException.outOfRange(
                        "scheduler.parameters.least", least, "at most " + most);
            if (context.quantumNanos() > Duration.ofSeconds(1).toNanos())
                throw RefusedException.outOfRange(
                        "scheduler.parameters.most", most, "left out with such a quantum");
            KeyedPolicy policy = TaskView::seq;
            return policy;
        }
    }
}
