// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.TaskDefaults;

/** Who ran when, of real tasks. */
@Timeout(60)
final class TimelineTest {
    private final TestHost host = new TestHost();

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aTaskThatBlocksHasASliceBeforeAndOneAfter() {
        Domain domain = host.domain("one", Map.of("executor", Map.of("parallelism", 1)));
        assertThat(domain.timeline(null, null, 10)).isEmpty();
        Instant before = Instant.now();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        host.work(
                "blocks",
                context -> {
                    context.blocking(() -> "");
                    running.countDown();
                    while (go.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    return null;
                });
        TaskId id = TestHost.get(domain.schedule(TestHost.task("blocks").build())).id();
        TestHost.until(() -> running.getCount() == 0);
        List<ExecutionSlice> slices = domain.timeline(before.minusMillis(5), null, 10);
        assertThat(slices).hasSize(2);
        assertThat(slices)
                .allMatch(slice -> slice.task().equals(id.value()) && slice.worker() == 0);
        assertThat(slices.get(0).end()).as("still runs").isNull();
        assertThat(slices.get(1).end()).isEqualTo(SliceEnd.BLOCKED);
        assertThat(slices.get(1).start().plus(slices.get(1).length()))
                .isBeforeOrEqualTo(slices.get(0).start());
        assertThat(slices.get(1).start()).isBetween(before.minusMillis(5), Instant.now());
        go.countDown();
        TestHost.ended(domain, id);
        assertThat(domain.timeline(null, null, 1))
                .singleElement()
                .extracting(ExecutionSlice::end)
                .isEqualTo(SliceEnd.FINISHED);
    }

    @Test
    void lightTasksAppearAsOftenAsTheyAreMeasured() {
        Domain domain = host.domain("light", Map.of("executor", Map.of("parallelism", 2)));
        try (ExecutorService view = domain.executor(TaskDefaults.of("test"))) {
            for (int i = 0; i < 2000; i++) {
                view.execute(Thread::onSpinWait);
            }
        }
        TestHost.until(() -> domain.metrics().tasksCompleted() == 2000);
        List<ExecutionSlice> slices = domain.timeline(null, null, ExecutionSlice.MOST);
        assertThat(slices).hasSizeBetween(2000 / 32, 2000);
        assertThat(slices).allMatch(slice -> slice.worker() < 2 && slice.end() != null);
        assertThat(slices)
                .filteredOn(slice -> slice.end() == SliceEnd.FINISHED)
                .extracting(ExecutionSlice::task)
                .hasSizeGreaterThan(2000 / 32)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatCannotBeToldIsRefused() {
        Domain domain = host.domain("one", Map.of());
        Instant now = Instant.now();
        for (int bad : List.of(-1, 5001)) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> domain.timeline(null, null, bad))
                    .withMessage("first must be 0 .. 5000, was " + bad);
        }
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> domain.timeline(now, now.minusSeconds(1), 5))
                .withMessageStartingWith("to: ");
    }
}
