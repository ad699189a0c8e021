// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.HealthComponent;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.domain.SystemHealth;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.core.health.HealthReport;
import org.spicetime.runtime.core.plugins.CatalogueService;
import org.spicetime.runtime.core.poll.Poll;

/** A policy that hangs, crawls or gorges itself is out soon, and its domain goes on. */
@Timeout(120)
class GuardedPolicyTest {
    private static final int TASKS = 400;

    /** What a policy does once it is armed. */
    enum Crime {
        SPINS(
                EjectionReason.HUNG,
                _ -> {
                    while (true) {
                        Poll.poll();
                    }
                }),
        SLEEPS(EjectionReason.HUNG, _ -> LockSupport.parkNanos(TimeUnit.HOURS.toNanos(1))),
        CRAWLS(
                EjectionReason.SLOW,
                _ -> {
                    for (long end = System.nanoTime() + 1_000_000; System.nanoTime() < end; ) {
                        Thread.onSpinWait();
                    }
                }),
        GORGES(EjectionReason.RESOURCE_ABUSE, sink -> sink[0] = new byte[40 << 20]),
        THROWS(
                EjectionReason.EXCEPTION,
                _ -> {
                    throw new IllegalStateException("hostile");
                }),
        RUNS_OUT(
                EjectionReason.RESOURCE_ABUSE,
                _ -> {
                    throw new OutOfMemoryError("hostile");
                });

        final EjectionReason reason;

        @SuppressWarnings("ImmutableEnumChecker") // a constant lambda
        final Consumer<Object[]> crime;

        Crime(EjectionReason reason, Consumer<Object[]> crime) {
            this.reason = reason;
            this.crime = crime;
        }
    }

    private final AtomicBoolean armed = new AtomicBoolean();
    private final Object[] sink = new Object[1];

    private TestHost.Keyed hostile(Consumer<Object[]> crime) {
        return new TestHost.Keyed(
                "HOSTILE",
                task -> {
                    if (armed.get()) {
                        crime.accept(sink);
                    }
                    return task.seq();
                });
    }

    @ParameterizedTest
    @EnumSource
    void theDomainGoesOnUnderTheFallbackAndTheRecordTellsWhy(Crime crime) throws Exception {
        try (TestHost host = new TestHost()) {
            CountDownLatch ran = new CountDownLatch(TASKS);
            host.work(
                    "count",
                    context -> {
                        ran.countDown();
                        return null;
                    });
            host.registry.addPolicy(hostile(crime.crime), TestHost.BUNDLE);
            Domain domain =
                    host.domain("guarded", Map.of("scheduler", Map.of("policy", "HOSTILE")));
            Domain neighbour = host.domain("neighbour");
            assertThat(domain.state().activePolicy()).isEqualTo("HOSTILE");
            armed.set(true);
            for (int i = 0; i < TASKS; i++) {
                domain.schedule(TestHost.task("count").build());
            }
            assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
            TestHost.until(() -> domain.metrics().tasksCompleted() == TASKS);
            DomainState state = domain.state();
            assertThat(state.status()).isEqualTo(RuntimeStatus.DEGRADED);
            assertThat(state.activePolicy()).isEqualTo("SAFE_FIFO");
            Ejection ejection = Objects.requireNonNull(state.policyEjection());
            assertThat(ejection.reason()).isEqualTo(crime.reason);
            assertThat(ejection.bundle()).isEqualTo("test.plugins");
            assertThat(ejection.bundleVersion()).isEqualTo("1.0.0");
            assertThat(ejection.report()).containsKeys("lastCalls", "queue", "queued");
            assertThat(host.registry.policy("HOSTILE")).isEmpty();
            assertThat(neighbour.state().status()).isEqualTo(RuntimeStatus.RUNNING);
        }
    }

    @Test
    void aPolicyThatFailsItsTrialIsRefusedAndTheFormerOneGoesOn() {
        armed.set(true);
        try (TestHost host = new TestHost()) {
            host.registry.addPolicy(hostile(Crime.THROWS.crime), TestHost.BUNDLE);
            Domain domain = host.domain("tried");
            assertThatThrownBy(() ->
                            TestHost.get(
                                    domain.configure(
                                            TestHost.patch(
                                                    "scheduler", Map.of("policy", "HOSTILE")),
                                            null)))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> {
                                assertThat(refused.code())
                                        .isEqualTo(RuntimeErrorCode.SCHEDULER_ERROR);
                                assertThat(refused.details())
                                        .containsEntry("reason", "TRIAL_FAILED")
                                        .containsEntry("ejectionReason", "EXCEPTION");
                            });
            DomainState state = domain.state();
            assertThat(state.activePolicy()).isEqualTo("PRIORITY");
            assertThat(state.config().scheduler().policy()).isEqualTo("PRIORITY");
            assertThat(state.status()).isEqualTo(RuntimeStatus.RUNNING);
            assertThat(host.registry.policy("HOSTILE")).isEmpty();
            List<Ejection> incidents =
                    host.registry.ejections(PluginKind.SCHEDULING_POLICY, "HOSTILE");
            assertThat(incidents).hasSize(1);
            assertThat(incidents.getFirst().replacedBy()).isEqualTo("PRIORITY");
        }
    }

    @Test
    void anOperatorTakesAPolicyOutAndBack() {
        try (TestHost host = new TestHost()) {
            Catalogue catalogue = new CatalogueService(host.registry);
            Domain one = host.domain("one");
            Domain two = host.domain("two");
            List<Ejection> ejections =
                    TestHost.get(
                            catalogue.eject(
                                    PluginKind.SCHEDULING_POLICY,
                                    "PRIORITY",
                                    one.id(),
                                    "a suspicion",
                                    "alice"));
            assertThat(ejections).hasSize(1);
            assertThat(ejections.getFirst().domain()).isEqualTo(one.id());
            assertThat(one.state().activePolicy()).isEqualTo("SAFE_FIFO");
            assertThat(two.state().activePolicy()).isEqualTo("PRIORITY");

            assertThat(
                            TestHost.get(
                                    catalogue.eject(
                                            PluginKind.SCHEDULING_POLICY,
                                            "PRIORITY",
                                            null,
                                            "certainty",
                                            "alice")))
                    .extracting(Ejection::domain)
                    .containsExactly(two.id());
            assertThat(two.state().status()).isEqualTo(RuntimeStatus.DEGRADED);

            TestHost.get(catalogue.reinstate(PluginKind.SCHEDULING_POLICY, "PRIORITY", "alice"));
            TestHost.until(() -> one.state().activePolicy().equals("PRIORITY"));
            TestHost.until(() -> two.state().activePolicy().equals("PRIORITY"));
            assertThat(two.state().policyEjection()).isNull();
        }
    }

    @Test
    void aCallThatCannotBeEndedIsToldAndNobodyWaitsForItsDomain() {
        Semaphore held = new Semaphore(0);
        try (TestHost host = new TestHost()) {
            host.registry.addPolicy(
                    hostile(_ -> {
                        held.acquireUninterruptibly(); // and has no polls
                        held.release();
                    }),
                    TestHost.BUNDLE);
            Domain domain =
                    host.domain("hanging", Map.of("scheduler", Map.of("policy", "HOSTILE")));
            host.domain("neighbour");
            armed.set(true);
            Thread caller =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> domain.schedule(TestHost.task("nothing").build()));
            TestHost.until(() -> stateOf(host, "domain:hanging") == HealthStatus.UNHEALTHY);
            assertThat(stateOf(host, "domain:neighbour")).isEqualTo(HealthStatus.HEALTHY);
            assertThatThrownBy(domain::state)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("cannot be ended");
            held.release();
            TestHost.until(() -> !caller.isAlive());
            TestHost.until(() -> stateOf(host, "domain:hanging") == HealthStatus.DEGRADED);
            assertThat(Objects.requireNonNull(domain.state().policyEjection()).reason())
                    .isEqualTo(EjectionReason.HUNG);
        }
    }

    /* As if it began to hang between two readings. */
    @Test
    void aDomainThatAnswersOnlyPartlyIsCountedInByNoPartOfTheHealthReport() {
        try (TestHost host = new TestHost()) {
            Domain whole = host.domain("whole");
            Domain part = host.domain("part");
            Domain hangs =
                    (Domain)
                            Proxy.newProxyInstance(
                                    Domain.class.getClassLoader(),
                                    new Class<?>[] {Domain.class},
                                    (_, method, arguments) -> {
                                        if (method.getName().equals("resources"))
                                            throw RefusedException.conflict("it hangs");
                                        return method.invoke(part, arguments);
                                    });
            HealthReport report = new HealthReport();
            assertThatThrownBy(() -> report.domain(hangs)).isInstanceOf(RefusedException.class);
            report.domain(whole);
            SystemHealth health =
                    report.report(Instant.EPOCH, Duration.ZERO, "1", ProcessorSample.UNKNOWN);
            assertThat(health.resources().memory().total())
                    .isEqualTo(whole.resources().memory().total());
            assertThat(health.components())
                    .extracting(HealthComponent::name)
                    .containsExactly("domain:whole");
        }
    }

    private static HealthStatus stateOf(TestHost host, String component) {
        return host.domains.health().components().stream()
                .filter(one -> one.name().equals(component))
                .map(HealthComponent::status)
                .findFirst()
                .orElseThrow();
    }
}
