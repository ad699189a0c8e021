// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.ResourceAlert;
import org.spicetime.runtime.api.domain.ResourceAllocation;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

@Timeout(60)
final class ResourcesTest {
    private static final long MIB = 1L << 20;

    private static ResourceRequest request(
            ResourceRequest.@Nullable Cpu cpu,
            ResourceRequest.@Nullable Memory memory,
            ResourceRequest.@Nullable Network network) {
        return new ResourceRequest(cpu, memory, network, 1);
    }

    @Test
    void whatIsReleasedIsNotReservedAnyMoreAndTheRestStays() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("granted");
            TestHost.get(
                    domain.allocate(
                            request(
                                    new ResourceRequest.Cpu(1.0, null),
                                    new ResourceRequest.Memory(MIB, null),
                                    new ResourceRequest.Network(1000.0, 3))));
            assertThat(domain.resources().network().bandwidthLimit()).hasValue(1000);
            TestHost.get(domain.release(Set.of(ResourceKind.MEMORY, ResourceKind.STORAGE)));
            ResourceAllocation left = domain.allocation().orElseThrow();
            assertThat(left.memory()).isNull();
            assertThat(Objects.requireNonNull(left.cpu()).cores()).isEqualTo(1.0);
            assertThat(domain.resources().memory().total()).isEqualTo(4 * MIB);

            TestHost.get(domain.release(EnumSet.allOf(ResourceKind.class)));
            assertThat(domain.allocation()).isEmpty();
            assertThat(domain.resources().network().bandwidthLimit()).isEmpty();
            TestHost.get(domain.release(EnumSet.allOf(ResourceKind.class)));

            Domain other = host.domain("other");
            TestHost.get(other.allocate(request(new ResourceRequest.Cpu(1.9, null), null, null)));
        }
    }

    @Test
    void aRefusedReservationLeavesTheFormerOneInForce() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("granted");
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "hold",
                    context -> {
                        context.arena().allocate(2 * MIB);
                        held.countDown();
                        go.await();
                        return null;
                    });
            ResourceAllocation first =
                    TestHost.get(
                            domain.allocate(
                                    request(
                                            null,
                                            new ResourceRequest.Memory(3 * MIB, null),
                                            null)));
            TaskId task = TestHost.get(domain.schedule(TestHost.task("hold").build())).id();
            TestHost.until(() -> held.getCount() == 0);
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() ->
                            TestHost.get(
                                    domain.allocate(
                                            request(
                                                    new ResourceRequest.Cpu(1.9, null),
                                                    new ResourceRequest.Memory(MIB, null),
                                                    null))))
                    .satisfies(refused -> {
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                        assertThat(refused.details()).containsEntry("used", 2 * MIB);
                    });
            assertThat(domain.allocation()).contains(first);
            assertThat(domain.resources().memory().total()).isEqualTo(3 * MIB);
            Domain other = host.domain("other");
            TestHost.get(other.allocate(request(new ResourceRequest.Cpu(1.9, null), null, null)));
            go.countDown();
            TestHost.ended(domain, task);
        }
    }

    @Test
    void aTaskThatAsksForMoreMemoryThanThePoolHasIsNotAdmitted() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("small");
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() ->
                            TestHost.get(
                                    domain.schedule(
                                            TestHost.task("nothing").memory(4 * MIB + 1).build())))
                    .satisfies(refused -> {
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                        assertThat(refused.details())
                                .containsEntry("requested", 4 * MIB + 1)
                                .containsEntry("available", 4 * MIB);
                    });
            assertThat(domain.metrics().tasksScheduled()).isZero();
            TestHost.get(
                    domain.allocate(request(null, new ResourceRequest.Memory(MIB, null), null)));
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() ->
                            TestHost.get(
                                    domain.schedule(
                                            TestHost.task("nothing").memory(2 * MIB).build())));
        }
    }

    @Test
    void aTaskBeyondItsOwnMemoryFailsAndTellsWhy() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("small");
            host.work(
                    "greedy",
                    context -> {
                        context.arena().allocate(MIB);
                        context.arena().allocate(MIB);
                        return null;
                    });
            Task task =
                    TestHost.ended(
                            domain,
                            TestHost.get(
                                            domain.schedule(
                                                    TestHost.task("greedy")
                                                            .memory(MIB + 100)
                                                            .build()))
                                    .id());
            assertThat(task.phase()).isEqualTo(TaskPhase.FAILED);
            assertThat(Objects.requireNonNull(task.error()).code())
                    .isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
            assertThat(Objects.requireNonNull(task.error()).context())
                    .containsEntry("scope", "task")
                    .containsEntry("available", 100L);
            assertThat(domain.resources().memory().used()).isZero();
        }
    }

    @Test
    void tasksWhoseMemoryDoesNotFitTogetherRunOneAfterTheOther() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("small");
            List<Long> most = Collections.synchronizedList(new ArrayList<>());
            host.work(
                    "large",
                    context -> {
                        context.arena().allocate(3 * MIB);
                        most.add(context.poolMetrics().used());
                        return null;
                    });
            List<TaskId> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                tasks.add(
                        TestHost.get(
                                        domain.schedule(
                                                TestHost.task("large").memory(3 * MIB).build()))
                                .id());
            }
            for (TaskId task : tasks) {
                assertThat(TestHost.ended(domain, task).phase()).isEqualTo(TaskPhase.COMPLETED);
            }
            assertThat(most).hasSize(8).containsOnly(3 * MIB);
        }
    }

    @Test
    void aTaskThatWaitsForMemoryCanBeCancelled() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("small");
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "hold",
                    context -> {
                        held.countDown();
                        go.await();
                        return null;
                    });
            TaskId first =
                    TestHost.get(domain.schedule(TestHost.task("hold").memory(3 * MIB).build()))
                            .id();
            TestHost.until(() -> held.getCount() == 0);
            TaskId second =
                    TestHost.get(domain.schedule(TestHost.task("hold").memory(2 * MIB).build()))
                            .id();
            TestHost.until(() -> domain.metrics().tasksBlocked() == 1);
            TestHost.until(() -> domain.sample().memoryStall().orElse(0) > 0);
            TestHost.get(domain.cancel(second, "enough"));
            assertThat(TestHost.ended(domain, second).phase()).isEqualTo(TaskPhase.CANCELLED);
            go.countDown();
            assertThat(TestHost.ended(domain, first).phase()).isEqualTo(TaskPhase.COMPLETED);
        }
    }

    @Test
    void anAlertWithALowThresholdIsClearedTooAndAStopClearsWhatIsRaised() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("alerts", Map.of());
            CountDownLatch go = new CountDownLatch(1);
            host.work(
                    "hold",
                    context -> {
                        context.arena().allocate(MIB);
                        go.await();
                        return null;
                    });
            List<ResourceAlert> low = watch(domain, 0.02);
            List<ResourceAlert> half = watch(domain, 0.1);
            TaskId task = TestHost.get(domain.schedule(TestHost.task("hold").build())).id();
            TestHost.until(() -> low.size() == 1 && half.size() == 1);
            go.countDown();
            TestHost.ended(domain, task);
            TestHost.until(() -> low.size() == 2 && half.size() == 2);
            assertThat(low.getLast().cleared()).isTrue();

            CountDownLatch never = new CountDownLatch(1);
            host.work(
                    "stay",
                    context -> {
                        context.arena().allocate(MIB);
                        never.await();
                        return null;
                    });
            TestHost.get(domain.schedule(TestHost.task("stay").build()));
            TestHost.until(() -> half.size() == 3);
            TestHost.get(domain.stop(false));
            TestHost.until(() -> half.size() == 4);
            assertThat(half.getLast().cleared()).isTrue();
            assertThat(half.getLast().value()).isZero();
        }
    }

    private static List<ResourceAlert> watch(Domain domain, double threshold) {
        List<ResourceAlert> told = Collections.synchronizedList(new ArrayList<>());
        domain.watchResources(
                threshold,
                alert -> {
                    if (alert.resource() == ResourceKind.MEMORY) {
                        told.add(alert);
                    }
                });
        return told;
    }
}
