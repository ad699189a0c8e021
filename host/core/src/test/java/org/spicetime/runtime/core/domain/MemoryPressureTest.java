// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.MemoryMap;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.memory.MemoryPressure;
import org.spicetime.runtime.api.memory.MovableBlock;
import org.spicetime.runtime.api.memory.Pin;
import org.spicetime.runtime.api.memory.PressureLevel;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.memory.MachineMemory;

@Timeout(120)
final class MemoryPressureTest {
    private static final long MIB = 1L << 20;
    private static final Map<String, Object> WIDE =
            Map.of("executor", Map.of("parallelism", 2), "tasks", Map.of());

    private final TestHost host = new TestHost();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        host.close();
    }

    /** A task that holds so much until it may go on. */
    private TaskId hold(Domain domain, long bytes) throws InterruptedException {
        host.work(
                "hold",
                context -> {
                    context.arena().allocate(bytes);
                    held.countDown();
                    go.await();
                    return null;
                });
        TaskId task = TestHost.get(domain.schedule(TestHost.task("hold").build())).id();
        assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
        return task;
    }

    private static @Nullable RefusedException refused(Domain domain, int priority) {
        try {
            Task admitted =
                    TestHost.get(
                            domain.schedule(
                                    TestHost.task("nothing")
                                            .memory(4096)
                                            .priority(priority)
                                            .build()));
            TestHost.ended(domain, admitted.id());
            return null;
        } catch (RefusedException refusal) {
            return refusal;
        }
    }

    @Test
    void atCriticalTasksThatAskForMemoryAreRefusedTheLessUrgentFirst() throws Exception {
        Domain domain = host.domain("full", WIDE);
        TaskId holder = hold(domain, 4 * MIB - 65536);
        RefusedException usual = refused(domain, 50);
        assertThat(usual).isNotNull();
        assertThat(usual.code()).isEqualTo(RuntimeErrorCode.MEMORY_PRESSURE);
        assertThat(usual.details())
                .containsEntry("level", "CRITICAL")
                .containsEntry("retryAfterMs", 1000L)
                .containsEntry("limit", 4 * MIB)
                .containsEntry("used", domain.resources().memory().used())
                .containsEntry("requested", 4096L)
                .containsEntry("domain", "full");
        TestHost.ended(
                domain, TestHost.get(domain.schedule(TestHost.task("nothing").build())).id());
        // The first ones may come after the second of patience on a machine that is busy.
        TestHost.until(() -> refused(domain, 90) != null);
        assertThat(domain.task(holder).orElseThrow().phase()).isEqualTo(TaskPhase.RUNNING);
        go.countDown();
        assertThat(TestHost.ended(domain, holder).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(refused(domain, 0)).isNull();
    }

    @Test
    void belowCriticalTheyAreAdmitted() throws Exception {
        Domain domain = host.domain("busy", WIDE);
        hold(domain, 3 * MIB + 3 * MIB / 4);
        assertThat(refused(domain, 0)).isNull();
        TestHost.until(
                () -> domain.resources().memory().pressure().orElseThrow() == PressureLevel.HIGH);
    }

    @Test
    void listenersHearOfTheRiseAndTheFall() throws Exception {
        BlockingQueue<MemoryPressure> heard = new LinkedBlockingQueue<>();
        host.domains.bindPressureListener(heard::add);
        Domain domain = host.domain("told", WIDE);
        hold(domain, 4 * MIB - 65536);
        MemoryPressure rise = heard.poll(60, TimeUnit.SECONDS);
        assertThat(rise).isNotNull();
        assertThat(rise.domain()).isEqualTo(domain.id());
        assertThat(rise.level()).isEqualTo(PressureLevel.CRITICAL);
        assertThat(rise.former()).isEqualTo(PressureLevel.NONE);
        assertThat(rise.totalBytes()).isEqualTo(4 * MIB);
        go.countDown();
        MemoryPressure fall = heard.poll(60, TimeUnit.SECONDS);
        assertThat(fall).isNotNull();
        assertThat(fall.level()).isEqualTo(PressureLevel.NONE);
        assertThat(fall.former()).isEqualTo(PressureLevel.CRITICAL);
    }

    @Test
    void anOverduePinIsShownWithItsTask() throws Exception {
        Domain domain = host.domain("pinned", WIDE);
        host.work(
                "pin",
                context -> {
                    try (MovableBlock block =
                                    context.memory()
                                            .movable(
                                                    4096,
                                                    16,
                                                    Duration.ofNanos(1),
                                                    TaskMemory.NO_WAIT);
                            Pin pin = block.pin()) {
                        pin.segment().fill((byte) 1);
                        held.countDown();
                        go.await();
                    }
                    return null;
                });
        TaskId task = TestHost.get(domain.schedule(TestHost.task("pin").build())).id();
        assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(domain.memoryMap(10).overduePins())
                .singleElement()
                .satisfies(pin -> {
                    assertThat(pin.task()).isEqualTo(task);
                    assertThat(pin.sizeBytes()).isEqualTo(4096);
                });
        go.countDown();
        TestHost.ended(domain, task);
        assertThat(domain.memoryMap(10).overduePins()).isEmpty();
    }

    @Test
    void anAllocationThatIsRefusedHasSomethingDoneAtOnce() throws Exception {
        BlockingQueue<MemoryPressure> heard = new LinkedBlockingQueue<>();
        try (TestHost slow = new TestHost(Duration.ofDays(1))) {
            slow.domains.bindPressureListener(heard::add);
            Domain domain = slow.domain("scarce", WIDE);
            slow.work(
                    "fill",
                    context -> {
                        context.arena().allocate(4 * MIB - 65536);
                        try {
                            context.arena().allocate(MIB);
                        } catch (RefusedException full) {
                            held.countDown();
                            go.await();
                            return full.code().name();
                        }
                        return "there was room";
                    });
            TaskId task = TestHost.get(domain.schedule(TestHost.task("fill").build())).id();
            MemoryPressure rise = heard.poll(60, TimeUnit.SECONDS);
            assertThat(rise).isNotNull();
            assertThat(rise.level()).isEqualTo(PressureLevel.CRITICAL);
            go.countDown();
            TestHost.ended(domain, task);
        }
    }

    @Test
    void theShareOfTimeSpentWaitingForMemoryIsMeasured() throws Exception {
        Domain domain = host.domain("stalled", WIDE);
        TestHost.until(() -> domain.resources().memory().stall().isPresent());
        assertThat(domain.resources().memory().stall()).hasValue(0.0);
        host.work(
                "keep",
                context -> {
                    held.countDown();
                    go.await();
                    return null;
                });
        TestHost.get(domain.schedule(TestHost.task("keep").memory(3 * MIB).build()));
        assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
        TaskId waiter =
                TestHost.get(domain.schedule(TestHost.task("nothing").memory(2 * MIB).build()))
                        .id();
        TestHost.until(() -> domain.resources().memory().stall().orElse(0) > 0);
        MemoryMetrics stalled = domain.resources().memory();
        assertThat(stalled.stall().orElseThrow()).isBetween(0.0, 1.0);
        assertThat(stalled.minuteStall()).isPresent();
        go.countDown();
        TestHost.ended(domain, waiter);
        TestHost.get(domain.stop(false));
        assertThat(domain.resources().memory().stall()).isEmpty();
    }

    @Test
    void thePoolsOfAllDomainsTogetherAreNoMoreThanTheMachineHas() {
        OptionalLong available = new MachineMemory(Path.of("/")).availableBytes();
        assumeTrue(available.isPresent());
        long most = available.getAsLong() / 5 * 3 / MIB * MIB;
        Map<String, Object> large =
                Map.of("memory", Map.of("poolSize", most, "allocationType", "FIRST_FIT"));
        Domain first = host.domain("first", large);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> host.domain("second", large))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("requested", most)
                            .containsKeys("available", "limit");
                });
        assertThat(host.domains.find(DomainId.of("second"))).isEmpty();
        TestHost.get(first.stop(false));
        host.domain("second", large);
    }

    @Test
    void theLayoutNamesWhoHoldsMost() throws Exception {
        Domain domain = host.domain("mapped", WIDE);
        TaskId holder = hold(domain, MIB);
        MemoryMap map = domain.memoryMap(10);
        assertThat(map.owners()).extracting(MemoryMap.Owner::task).containsExactly(holder);
        assertThat(map.zones().stream().mapToLong(MemoryMap.Zone::usedBytes).sum())
                .isEqualTo(domain.resources().memory().used());
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> domain.memoryMap(MemoryMap.MOST_OWNERS + 1))
                .withMessageContaining("first")
                .withMessageContaining("500");
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> domain.memoryMap(-1));
        go.countDown();
        TestHost.ended(domain, holder);
        TestHost.get(domain.stop(false));
        assertThat(domain.memoryMap(10).zones()).isEmpty();
    }
}
