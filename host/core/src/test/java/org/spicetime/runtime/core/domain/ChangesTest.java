// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.domain.AlertSeverity;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.ResourceAlert;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.error.ErrorCode;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.Task;

@Timeout(60)
class ChangesTest {

    @Test
    void aRefusedPatchChangesNothingAtAll() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("atomic");
            DomainState before = domain.state();
            assertRefused(
                    () ->
                            TestHost.get(
                                    domain.configure(
                                            new ConfigPatch(
                                                    Map.of(
                                                            "scheduler",
                                                            Map.of("policy", "FIFO"),
                                                            "executor",
                                                            Map.of("parallelism", 4),
                                                            "memory",
                                                            Map.of("poolSize", 1L << 39))),
                                            null)),
                    RuntimeErrorCode.RESOURCE_EXHAUSTED,
                    RequestErrorCode.BAD_USER_INPUT);
            assertThat(domain.state()).isEqualTo(before);
            assertThat(domain.resources().memory().total()).isEqualTo(4 << 20);
        }
    }

    @Test
    void aPatchReplacesPolicySlotsAndPoolAtOnce() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("changed");
            ConfigPatch patch =
                    new ConfigPatch(
                            Map.of(
                                    "scheduler", Map.of("policy", "FIFO"),
                                    "executor", Map.of("parallelism", 3),
                                    "memory", Map.of("poolSize", 8 << 20)));
            assertThat(domain.rehearse(patch, null).config().executor().parallelism()).isEqualTo(3);
            assertThat(domain.state().revision()).isEqualTo(1);
            DomainState after = TestHost.get(domain.configure(patch, 1));
            assertThat(after.revision()).isEqualTo(2);
            assertThat(after.activePolicy()).isEqualTo("FIFO");
            assertThat(after.policyEjection()).isNull();
            assertThat(domain.resources().memory().total()).isEqualTo(8 << 20);
            assertRefused(
                    () -> TestHost.get(domain.configure(patch, 1)), RequestErrorCode.CONFLICT);
            assertThat(mostAtATime(host, domain, 12)).isEqualTo(3);
        }
    }

    private static int mostAtATime(TestHost host, Domain domain, int tasks) {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int slots = 3;
        CountDownLatch together = new CountDownLatch(slots);
        host.work(
                "together",
                context -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    together.countDown();
                    together.await();
                    now.decrementAndGet();
                    return null;
                });
        List<Task> all = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            all.add(TestHost.get(domain.schedule(TestHost.task("together").build())));
        }
        all.forEach(task -> TestHost.ended(domain, task.id()));
        return most.get();
    }

    @Test
    void aReservationCapsThePoolAndLeavesTheConfigurationAlone() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("granted", Map.of("executor", Map.of("parallelism", 2)));
            ResourceAllocation grant =
                    TestHost.get(
                            domain.allocate(
                                    new ResourceRequest(
                                            new ResourceRequest.Cpu(0.5, null),
                                            new ResourceRequest.Memory(1 << 20, "FIRST_FIT"),
                                            new ResourceRequest.Network(null, 3),
                                            7)));
            assertThat(Objects.requireNonNull(grant.cpu()).priority()).isEqualTo(7);
            assertThat(Objects.requireNonNull(grant.network()).connections()).isEqualTo(3);
            assertThat(domain.allocation()).contains(grant);
            assertThat(domain.state().config().executor().parallelism()).isEqualTo(2);
            assertThat(domain.resources().cpu().cores()).isEqualTo(0.5);
            assertThat(domain.resources().memory().total()).isEqualTo(1 << 20);

            Domain other = host.domain("other");
            assertRefused(
                    () -> TestHost.get(other.allocate(cpu(1.75))),
                    RuntimeErrorCode.RESOURCE_EXHAUSTED);
            assertThat(other.allocation()).isEmpty();
            TestHost.get(other.allocate(cpu(1.25)));
            TestHost.get(host.domains.delete(domain.id(), true));
            TestHost.get(other.allocate(cpu(1.9)));
        }
    }

    @Test
    void aReservationThatMakesNoSenseIsRefused() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("granted");
            for (ResourceRequest request :
                    List.of(
                            cpu(0),
                            cpu(Double.NaN),
                            cpu(-1),
                            cpu(Double.POSITIVE_INFINITY),
                            memory(0, null),
                            memory(1 << 20, "TLSF"),
                            network(-1.0, null),
                            network(0.5, null),
                            network(2e9, null),
                            network(null, 0))) {
                assertRefused(
                        () -> TestHost.get(domain.allocate(request)),
                        RequestErrorCode.BAD_USER_INPUT);
            }
            assertRefused(
                    () -> TestHost.get(domain.allocate(memory(Long.MAX_VALUE, null))),
                    RuntimeErrorCode.RESOURCE_EXHAUSTED);
            assertThat(domain.allocation()).isEmpty();
        }
    }

    private static ResourceRequest cpu(double cores) {
        return new ResourceRequest(new ResourceRequest.Cpu(cores, null), null, null, 0);
    }

    private static ResourceRequest memory(long bytes, @Nullable String type) {
        return new ResourceRequest(null, new ResourceRequest.Memory(bytes, type), null, 0);
    }

    private static ResourceRequest network(
            @Nullable Double bandwidth, @Nullable Integer connections) {
        return new ResourceRequest(
                null, null, new ResourceRequest.Network(bandwidth, connections), 0);
    }

    @Test
    void anAlertComesOncePerCrossingAndIsClearedOnce() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("alerts");
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "hold",
                    context -> {
                        context.arena().allocate(3 << 20);
                        go.await();
                        return null;
                    });
            List<ResourceAlert> alerts = Collections.synchronizedList(new ArrayList<>());
            domain.watchResources(
                    0.5,
                    alert -> {
                        if (alert.resource() == ResourceKind.MEMORY) {
                            alerts.add(alert);
                        }
                    });
            Task task = TestHost.get(domain.schedule(TestHost.task("hold").build()));
            TestHost.until(() -> !alerts.isEmpty());
            go.countDown();
            TestHost.ended(domain, task.id());
            TestHost.until(() -> alerts.size() >= 2);
            assertThat(alerts).hasSize(2);
            assertThat(alerts.getFirst().cleared()).isFalse();
            assertThat(alerts.getFirst().severity()).isEqualTo(AlertSeverity.WARNING);
            assertThat(alerts.getFirst().value()).isGreaterThan(0.5);
            assertThat(alerts.getLast().cleared()).isTrue();
            assertThat(alerts.getLast().severity()).isEqualTo(AlertSeverity.INFO);
            for (double threshold : new double[] {0, -1, 1.5, 80, Double.NaN}) {
                assertRefused(
                        () -> domain.watchResources(threshold, alert -> {}),
                        RequestErrorCode.BAD_USER_INPUT);
            }
        }
    }

    @Test
    void healthNamesTheDomainsAndTheirPolicies() {
        try (TestHost host = new TestHost()) {
            host.domain("healthy");
            assertThat(host.domains.health().components())
                    .filteredOn(component -> component.name().equals("domain:healthy"))
                    .singleElement()
                    .satisfies(component ->
                            assertThat(component.details()).containsEntry("policy", "PRIORITY"));
            assertThat(host.domains.health().activeDomains()).isEqualTo(1);
            assertThat(host.domains.health().resources().memory().total()).isEqualTo(4 << 20);
        }
    }

    static void assertRefused(Runnable action, ErrorCode... codes) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isIn((Object[]) codes));
    }
}
