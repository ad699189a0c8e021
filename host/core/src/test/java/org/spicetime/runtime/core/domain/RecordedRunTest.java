// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.testkit.simulation.Recording;
import org.spicetime.runtime.testkit.simulation.SimulatedPolicy;
import org.spicetime.runtime.testkit.simulation.Step;
import org.spicetime.runtime.testkit.simulation.WhatIf;

/** What real threads did is replayed in virtual time under another policy. */
@Timeout(60)
final class RecordedRunTest {
    private static final int TASKS = 20;
    private static final Duration WORK = Duration.ofMillis(5);

    private final TestHost host = new TestHost();

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aDeadlineThatFifoMissedWouldHaveBeenMetInTheOrderOfDeadlines(TestReporter reporter) {
        Domain domain =
                host.domain(
                        "recorded",
                        Map.of(
                                "executor", Map.of("parallelism", 1),
                                "scheduler", Map.of("policy", "FIFO")));
        host.work(
                "spin",
                context -> {
                    long end = System.nanoTime() + WORK.toNanos();
                    while (System.nanoTime() < end) Thread.onSpinWait();
                    return null;
                });
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 1; i < TASKS; i++) {
            requests.add(TestHost.task("spin").name("patient " + i).build());
        }
        Duration beforeFifoComesToIt = WORK.multipliedBy(TASKS - 8);
        requests.add(
                TestHost.task("spin").name("urgent").relativeDeadline(beforeFifoComesToIt).build());
        List<Task> tasks = new ArrayList<>();
        for (Task task : TestHost.get(domain.scheduleAll(requests))) {
            tasks.add(TestHost.ended(domain, task.id()));
        }

        Recording recording =
                Recording.of(
                        domain.state().config(),
                        tasks,
                        domain.timeline(null, null, ExecutionSlice.MOST));
        assertThat(Recording.parse(recording.text())).isEqualTo(recording);
        assertThat(recording.tasks()).hasSize(TASKS);
        assertThat(recording.tasks())
                .allSatisfy(task ->
                        assertThat(task.task().cost()).isGreaterThanOrEqualTo(WORK.toNanos()));

        WhatIf answer =
                recording.whatIf(host.fifo, new TestHost.Keyed("DEADLINES", TaskView::deadline));
        reporter.publishEntry("what if", answer.toString());
        assertThat(answer.under("recorded").misses()).isEqualTo(1);
        assertThat(answer.under("FIFO").misses()).isEqualTo(1);
        assertThat(answer.under("DEADLINES").misses()).isZero();
        assertThat(answer.under("FIFO").longest())
                .isBetween(
                        WORK.multipliedBy(TASKS - 1).toNanos(), answer.under("recorded").longest());
    }

    @Test
    void aWaitWithoutASlotIsRecordedAsAWaitAndOthersRunMeanwhileInTheReplayToo() {
        Domain domain = host.domain("waiting", Map.of("executor", Map.of("parallelism", 1)));
        CountDownLatch otherDone = new CountDownLatch(1);
        host.work(
                "wait",
                context -> {
                    context.blocking(() -> otherDone.await(20, TimeUnit.SECONDS));
                    return null;
                });
        host.work(
                "other",
                context -> {
                    otherDone.countDown();
                    return null;
                });
        List<Task> tasks = new ArrayList<>();
        for (Task task :
                TestHost.get(
                        domain.scheduleAll(
                                List.of(
                                        TestHost.task("wait").name("waits").build(),
                                        TestHost.task("other").name("other").build())))) {
            tasks.add(TestHost.ended(domain, task.id()));
        }

        Recording recording =
                Recording.of(
                        domain.state().config(),
                        tasks,
                        domain.timeline(null, null, ExecutionSlice.MOST));
        assertThat(recording.tasks().getFirst().task().steps())
                .hasSize(3)
                .element(1)
                .isInstanceOf(Step.Block.class);
        assertThat(recording.simulation(SimulatedPolicy.of(host.fifo)).run().turns())
                .isEqualTo("waitsotherwaits");
    }
}
