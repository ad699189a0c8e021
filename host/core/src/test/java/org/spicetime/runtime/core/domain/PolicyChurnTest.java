// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.RuntimeStatus;

@Timeout(120)
class PolicyChurnTest {

    @Test
    void aDomainLosesItsPolicyFallsBackAndRecoversWhenItReturns() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("churn");
            assertThat(domain.state().activePolicy()).isEqualTo("PRIORITY");

            host.registry.remove(host.priority);
            DomainState without = domain.state();
            assertThat(without.status()).isEqualTo(RuntimeStatus.DEGRADED);
            assertThat(without.activePolicy()).isEqualTo("SAFE_FIFO");
            assertThat(without.config().scheduler().policy()).isEqualTo("PRIORITY");
            assertThat(without.policyEjection()).isNotNull();
            assertThat(without.policyEjection().reason()).isEqualTo(EjectionReason.BUNDLE_GONE);
            assertThat(without.statusReason()).contains("PRIORITY", "SAFE_FIFO");

            host.registry.addPolicy(host.priority, TestHost.BUNDLE);
            TestHost.until(() -> domain.state().status() == RuntimeStatus.RUNNING);
            assertThat(domain.state().activePolicy()).isEqualTo("PRIORITY");
            assertThat(domain.state().policyEjection()).isNull();
        }
    }

    @Test
    void noTaskIsLostOrRunTwiceWhileThePolicyComesAndGoes() throws InterruptedException {
        int tasks = 20_000;
        try (TestHost host = new TestHost()) {
            Set<TaskId> ran = ConcurrentHashMap.newKeySet();
            AtomicBoolean twice = new AtomicBoolean();
            CountDownLatch done = new CountDownLatch(tasks);
            host.work(
                    "count",
                    context -> {
                        if (!ran.add(context.task())) {
                            twice.set(true);
                        }
                        done.countDown();
                        return null;
                    });
            Domain domain = host.domain("churn");
            AtomicBoolean over = new AtomicBoolean();
            Thread churn =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!over.get()) {
                                    host.registry.remove(host.priority);
                                    host.registry.addPolicy(host.priority, TestHost.BUNDLE);
                                }
                            });
            for (int i = 0; i < tasks; i++) {
                domain.schedule(TestHost.task("count").priority(i % 100).build());
            }
            assertThat(done.await(90, TimeUnit.SECONDS)).isTrue();
            over.set(true);
            churn.join();
            TestHost.until(() -> domain.metrics().tasksCompleted() == tasks);
            assertThat(ran).hasSize(tasks);
            assertThat(twice).isFalse();
            assertThat(domain.metrics().ejections()).isPositive();
            TestHost.until(() -> domain.state().activePolicy().equals("PRIORITY"));
        }
    }

    @Test
    void aPolicyThatThrowsIsEjectedAndItsTasksGoOn() {
        try (TestHost host = new TestHost()) {
            AtomicBoolean broken = new AtomicBoolean();
            host.registry.addPolicy(
                    new TestHost.Keyed(
                            "FRAGILE",
                            task -> {
                                if (broken.get()) {
                                    throw new IllegalStateException("the policy has a defect");
                                }
                                return task.seq();
                            }),
                    TestHost.BUNDLE);
            Domain domain =
                    host.domain("fragile", Map.of("scheduler", Map.of("policy", "FRAGILE")));
            assertThat(domain.state().activePolicy()).isEqualTo("FRAGILE");
            broken.set(true);
            TaskId id = TestHost.get(domain.schedule(TestHost.task("nothing").build())).id();
            assertThat(TestHost.ended(domain, id).error()).isNull();
            DomainState state = domain.state();
            assertThat(state.status()).isEqualTo(RuntimeStatus.DEGRADED);
            Ejection ejection = Objects.requireNonNull(state.policyEjection());
            assertThat(ejection.reason()).isEqualTo(EjectionReason.EXCEPTION);
            assertThat(ejection.bundle()).isEqualTo("test.plugins");
            assertThat(host.registry.policy("FRAGILE")).isEmpty();
        }
    }

    @Test
    void anEjectedPolicyIsNotPutBackByTheNewsOfItsArrival() throws InterruptedException {
        try (TestHost host = new TestHost()) {
            AtomicBoolean broken = new AtomicBoolean();
            host.registry.addPolicy(
                    new TestHost.Keyed(
                            "FRAGILE",
                            task -> {
                                if (broken.get()) {
                                    throw new IllegalStateException("the policy has a defect");
                                }
                                return task.seq();
                            }),
                    TestHost.BUNDLE);
            Domain domain =
                    host.domain("fragile", Map.of("scheduler", Map.of("policy", "FRAGILE")));
            DomainBody body = host.domains.hosted(domain.id()).orElseThrow().body();
            for (int round = 0; round < 50; round++) {
                broken.set(false);
                host.registry.reinstate(PluginKind.SCHEDULING_POLICY, "FRAGILE");
                TestHost.until(() -> domain.state().activePolicy().equals("FRAGILE"));
                PolicySeat.Prepared prepared =
                        body.seats
                                .policy
                                .prepare(body.config(), body.settings(body.config()))
                                .orElseThrow();
                AtomicBoolean over = new AtomicBoolean();
                Thread news =
                        Thread.ofPlatform()
                                .start(() -> {
                                    while (!over.get()) {
                                        body.guard.enter();
                                        try {
                                            body.seats.policy.install(prepared);
                                        } finally {
                                            body.guard.leave();
                                        }
                                    }
                                });
                broken.set(true);
                TaskId id = TestHost.get(domain.schedule(TestHost.task("nothing").build())).id();
                TestHost.ended(domain, id);
                TestHost.until(() -> host.registry.policy("FRAGILE").isEmpty());
                over.set(true);
                news.join();
                assertThat(domain.state().status())
                        .as("round %d", round)
                        .isEqualTo(RuntimeStatus.DEGRADED);
                assertThat(domain.metrics().ejections()).isEqualTo(round + 1L);
            }
        }
    }

    @Test
    void aPolicyThatComesAfterItsProvisionedDomainLeavesNoEjection() {
        try (TestHost host = new TestHost(false)) {
            host.domains.provision(List.of(ProvisionedFiles.with("late", "FIFO")));
            Domain domain = host.domains.find(DomainId.of("late")).orElseThrow();
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.STARTING);
            TaskId early = TestHost.get(domain.schedule(TestHost.task("nothing").build())).id();
            host.registry.addPolicy(host.fifo, TestHost.BUNDLE);
            TestHost.until(() -> domain.state().status() == RuntimeStatus.RUNNING);
            assertThat(domain.state().activePolicy()).isEqualTo("FIFO");
            assertThat(domain.state().policyEjection()).isNull();
            assertThat(domain.metrics().ejections()).isZero();
            assertThat(TestHost.ended(domain, early).error()).isNull();
        }
    }
}
