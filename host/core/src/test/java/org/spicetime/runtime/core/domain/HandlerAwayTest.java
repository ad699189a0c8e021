// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.domain.TestHost.get;
import static org.spicetime.runtime.core.domain.TestHost.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskWait;
import org.spicetime.runtime.api.task.WaitReason;

/** Tasks whose handler goes before they begin, and comes back. */
@Timeout(120)
class HandlerAwayTest {

    private static final int TASKS = 100;

    @TempDir private Path instance;
    private final Map<TaskId, AtomicInteger> runs = new ConcurrentHashMap<>();

    private Domain domain(TestHost host, int parallelism) {
        host.work("note", this::note);
        Domain domain =
                host.domain(
                        "away",
                        Map.of(
                                "executor",
                                Map.of("parallelism", parallelism),
                                "scheduler",
                                Map.of("policy", "PRIORITY")));
        get(domain.pause());
        return domain;
    }

    private @Nullable String note(TaskContext context) {
        runs.computeIfAbsent(context.task(), any -> new AtomicInteger()).incrementAndGet();
        return null;
    }

    private static TaskRequest.Builder note(Durability durability) {
        return task("note").maxRetries(0).durability(durability);
    }

    private static List<TaskId> fill(Domain domain, Durability durability) {
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            ids.add(get(domain.schedule(note(durability).priority(i % 10).build())).id());
        }
        return ids;
    }

    private static int aside(TestHost host, Domain domain) {
        return host.domains
                .hosted(domain.id())
                .orElseThrow()
                .body()
                .tasks
                .with(kernel -> kernel.awaitingHandlers());
    }

    private void requireRanOnce(Domain domain, List<TaskId> ids) {
        for (TaskId id : ids) {
            Task ended = TestHost.ended(domain, id);
            assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(ended.attempt()).isEqualTo(1);
            assertThat(runs.get(id)).hasValue(1);
            assertThat(domain.history(id).orElseThrow().attempts()).hasSize(1);
        }
    }

    @Test
    void queuedTasksWaitForTheirHandlerAndRunOnceWithoutARetry() {
        try (TestHost host = new TestHost(new KeptStore(instance))) {
            Domain domain = domain(host, 2);
            List<TaskId> ids = fill(domain, Durability.DURABLE);
            ids.addAll(fill(domain, Durability.VOLATILE));
            host.handlerGoes();
            get(domain.resume());
            TestHost.until(() -> aside(host, domain) == 2 * TASKS);

            Task one = domain.task(ids.getFirst()).orElseThrow();
            assertThat(one.phase()).isEqualTo(TaskPhase.WAITING_RESOURCE);
            assertThat(one.attempt()).isZero();
            TaskWait wait = domain.history(one.id()).orElseThrow().waits().getLast();
            assertThat(wait.reason()).isEqualTo(WaitReason.LIMIT);
            assertThat(wait.resource()).isEqualTo("handler test.run");
            TaskId cancelled = ids.removeLast();
            assertThat(get(domain.cancel(cancelled, null)).phase()).isEqualTo(TaskPhase.CANCELLED);
            TaskId suspended = ids.removeLast();
            get(domain.suspend(suspended));

            host.handlerComes();
            requireRanOnce(domain, ids);
            get(domain.resume(suspended));
            requireRanOnce(domain, List.of(suspended));
            assertThat(runs).doesNotContainKey(cancelled);
            assertThat(domain.metrics().tasksFailed()).isEqualTo(1);
        }
    }

    @Test
    void aLongQueueOfWhichAPartIsInMemoryWaitsToo() {
        try (TestHost host = new TestHost(new KeptStore(instance), 10)) {
            Domain domain = domain(host, 2);
            List<TaskId> ids = fill(domain, Durability.DURABLE);
            host.handlerGoes();
            get(domain.resume());
            TestHost.until(() -> aside(host, domain) >= 10);
            host.handlerComes();
            requireRanOnce(domain, ids);
        }
    }

    @Test
    void whatWaitedForItsHandlerWhenTheHostStoppedRunsInTheNextLife() {
        KeptStore kept = new KeptStore(instance);
        List<TaskId> ids;
        try (TestHost host = new TestHost(kept)) {
            Domain domain = domain(host, 2);
            ids = fill(domain, Durability.DURABLE);
            host.handlerGoes();
            get(domain.resume());
            TestHost.until(() -> aside(host, domain) == TASKS);
            get(domain.pause());
        }
        try (TestHost host = new TestHost(kept)) {
            host.work("note", this::note);
            Domain domain = host.domains.find(DomainId.of("away")).orElseThrow();
            get(domain.resume());
            requireRanOnce(domain, ids);
        }
    }

    @Test
    void aHandlerThatComesAndGoesUnderLoadLosesAndDoublesNoTask() {
        try (TestHost host = new TestHost(new KeptStore(instance))) {
            Domain domain = domain(host, 4);
            List<TaskId> ids = fill(domain, Durability.DURABLE);
            get(domain.resume());
            for (int i = 0; i < 50; i++) {
                host.handlerGoes();
                host.handlerComes();
            }
            for (TaskId id : ids) {
                Task ended = TestHost.ended(domain, id);
                assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
                assertThat(runs.get(id)).hasValue(1);
            }
        }
    }
}
