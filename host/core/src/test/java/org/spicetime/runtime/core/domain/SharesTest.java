// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.ResourceRequest;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.task.TaskPhase;

/** Domains that want more processors than there are, with and without a guarantee. */
@Timeout(60)
final class SharesTest {
    private static final int PROCESSORS = TestHost.PROCESSORS;

    private final TestHost host = new TestHost();
    private final AtomicBoolean enough = new AtomicBoolean();

    @AfterEach
    void close() {
        enough.set(true);
        host.close();
    }

    private Domain domain(String name, int workers) {
        return host.domain(name, Map.of("executor", Map.of("parallelism", workers)));
    }

    private List<TaskId> spin(Domain domain, int tasks, Consumer<TaskContext> round) {
        String work = domain.id() + "-spin";
        host.work(
                work,
                context -> {
                    while (!enough.get()) round.accept(context);
                    return null;
                });
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < tasks; i++)
            ids.add(TestHost.get(domain.schedule(TestHost.task(work).build())).id());
        TestHost.until(() -> running(domain) == tasks);
        return ids;
    }

    private static int running(Domain domain) {
        return domain.metrics().tasksRunning();
    }

    private static void guarantee(Domain domain, double cores, @Nullable Integer priority) {
        TestHost.get(
                domain.allocate(
                        new ResourceRequest(
                                new ResourceRequest.Cpu(cores, priority), null, null, 0)));
    }

    @Test
    void aGreedyDomainLeavesRoomForAGuaranteeWhileItIsWanted() {
        Domain greedy = domain("greedy", PROCESSORS + 2);
        spin(greedy, PROCESSORS + 2, TaskContext::checkpoint);
        Domain calm = domain("calm", 1);
        guarantee(calm, 1.0, null);

        spin(calm, 1, TaskContext::checkpoint);

        TestHost.until(() -> running(greedy) <= PROCESSORS - 1 && running(calm) == 1);
        TestHost.get(calm.release(Set.of(ResourceKind.CPU)));
        TestHost.until(() -> running(greedy) == PROCESSORS + 2);
    }

    @Test
    void codeThatNeverGivesWayLosesItsSlotAllTheSame() {
        Domain greedy = domain("greedy", PROCESSORS + 1);
        List<TaskId> tasks = spin(greedy, PROCESSORS + 1, context -> Thread.onSpinWait());
        Domain calm = domain("calm", 1);
        guarantee(calm, 1.0, null);

        spin(calm, 1, TaskContext::checkpoint);

        TestHost.until(() -> running(greedy) <= PROCESSORS - 1);
        enough.set(true);
        for (TaskId task : tasks)
            assertThat(TestHost.ended(greedy, task).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void nobodyIsLimitedWithoutAGuarantee() {
        Domain one = domain("one", PROCESSORS + 1);
        Domain two = domain("two", PROCESSORS + 1);

        spin(one, PROCESSORS + 1, TaskContext::checkpoint);
        spin(two, PROCESSORS + 1, TaskContext::checkpoint);

        assertThat(running(one)).isEqualTo(PROCESSORS + 1);
    }

    @Test
    void theEndOfADomainEndsItsGuarantee() {
        Domain greedy = domain("greedy", PROCESSORS + 2);
        spin(greedy, PROCESSORS + 2, TaskContext::checkpoint);
        Domain calm = domain("calm", 1);
        guarantee(calm, 1.0, null);
        spin(calm, 1, TaskContext::checkpoint);
        TestHost.until(() -> running(greedy) < PROCESSORS);

        TestHost.get(host.domains.delete(calm.id(), true));

        TestHost.until(() -> running(greedy) == PROCESSORS + 2);
    }

    @Test
    void guaranteesThatDoNotFitAreRefused() {
        Domain one = domain("one", 1);
        Domain two = domain("two", 1);
        guarantee(one, PROCESSORS * 0.9, null);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> guarantee(two, PROCESSORS * 0.1, null))
                .withMessageContaining("cpu.cores")
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("requested", PROCESSORS * 0.1)
                            .containsEntry("limit", PROCESSORS * 0.95)
                            .containsKey("available");
                });
        guarantee(two, PROCESSORS * 0.95 - PROCESSORS * 0.9, null);
        TestHost.get(two.release(Set.of(ResourceKind.CPU)));
        assertThatThrownBy(() -> guarantee(two, 0, null)).hasMessageContaining("cpu.cores");
        assertThatThrownBy(() -> guarantee(two, -1, null)).hasMessageContaining("cpu.cores");
        assertThatThrownBy(() -> guarantee(two, 0.01, -1))
                .hasMessageContaining("cpu.priority must be 0 .. 1000, was -1");
        assertThatThrownBy(() -> guarantee(two, Double.NaN, null))
                .hasMessageContaining("cpu.cores");
        assertThatThrownBy(() -> guarantee(two, 0.01, 1001))
                .hasMessageContaining("cpu.priority must be 0 .. 1000");
        assertThat(two.allocation()).isEmpty();
    }
}
