// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.store.sqlite.SqliteTaskStore;

/**
 * An arrival, the end of another task and a free worker start a durable task by themselves: by the
 * clock of this host no time passes, so that nothing that waits for a moment, or looks again after
 * some time, ever comes about.
 */
@Timeout(60)
class NoPollingTest {

    private static final int TASKS = 100;
    private static final HostClock STANDING =
            new HostClock(() -> 0, InstantSource.fixed(Instant.parse("2030-01-01T00:00:00Z")));

    @Test
    void durableTasksStartAlthoughNoTimePasses(@TempDir Path instance) throws IOException {
        Files.createDirectory(instance.resolve("store"));
        try (TestHost host = new TestHost(new SqliteTaskStore(), instance, STANDING)) {
            Domain domain = host.domain("still", Map.of("executor", Map.of("parallelism", 1)));
            AtomicInteger ran = new AtomicInteger();
            host.work("count", context -> String.valueOf(ran.incrementAndGet()));
            // Something that would be seen at once if time passed.
            TaskId later =
                    TestHost.get(
                                    domain.schedule(
                                            TestHost.task("count")
                                                    .runAt(STANDING.now().instant().plusNanos(1000))
                                                    .build()))
                            .id();
            // Each meets a worker that has gone to sleep, or is about to.
            for (int i = 1; i <= TASKS; i++) {
                Task task = TestHost.get(domain.schedule(TestHost.task("count").build()));
                assertThat(TestHost.ended(domain, task.id()).phase())
                        .isEqualTo(TaskPhase.COMPLETED);
                assertThat(ran).hasValue(i);
            }
            // Each is started by the end of the one before, or by the worker it frees.
            TaskId before = TestHost.get(domain.schedule(TestHost.task("count").build())).id();
            for (int i = 1; i < TASKS; i++) {
                before =
                        TestHost.get(
                                        domain.schedule(
                                                TestHost.task("count")
                                                        .dependsOn(
                                                                DependencyRequest.success(
                                                                        new TaskRef.Existing(
                                                                                before)))
                                                        .build()))
                                .id();
            }
            TestHost.ended(domain, before);
            assertThat(ran).hasValue(2 * TASKS);
            assertThat(domain.task(later).orElseThrow().phase()).isEqualTo(TaskPhase.SCHEDULED);
        }
    }
}
