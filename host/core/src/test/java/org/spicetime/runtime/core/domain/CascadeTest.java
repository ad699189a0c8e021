// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.core.domain.TestHost.get;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.store.sqlite.SqliteTaskStore;

/** What fails because something else did. */
@Timeout(60)
class CascadeTest {

    private static final int CHAIN = 1000;

    @TempDir private Path instance;

    private static DependencyRequest on(Task task) {
        return DependencyRequest.success(new TaskRef.Existing(task.id()));
    }

    private static TaskRequest.Builder later() {
        return TestHost.task("nothing").runAt(Instant.now().plusSeconds(3600));
    }

    /* Each append is one commit at most. */
    private static TaskStore counted(SqliteTaskStore store, AtomicInteger appends) {
        return (TaskStore)
                Proxy.newProxyInstance(
                        TaskStore.class.getClassLoader(),
                        new Class<?>[] {TaskStore.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("append")) {
                                appends.incrementAndGet();
                            }
                            try {
                                return method.invoke(store, arguments);
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        });
    }

    @Test
    void aChainOfAThousandFailsInAHandfulOfCommits() throws Exception {
        Files.createDirectories(instance.resolve("store"));
        SqliteTaskStore store = new SqliteTaskStore();
        AtomicInteger appends = new AtomicInteger();
        try (TestHost host = new TestHost(counted(store, appends), instance)) {
            Domain domain =
                    host.domain("chain", Map.of("executor", Map.of("queueCapacity", 2 * CHAIN)));
            Task root = get(domain.schedule(later().build()));
            List<TaskRequest> chain = new ArrayList<>();
            for (int i = 0; i < CHAIN; i++) {
                chain.add(
                        TestHost.task("nothing")
                                .dependsOn(
                                        i == 0
                                                ? on(root)
                                                : DependencyRequest.success(
                                                        new TaskRef.InBatch(i - 1)))
                                .build());
            }
            List<Task> dependants = get(domain.scheduleAll(chain));
            int before = appends.get();

            Task cancelled = get(domain.cancel(root.id(), "not needed"));

            assertThat(cancelled.phase()).isEqualTo(TaskPhase.CANCELLED);
            Task last = TestHost.ended(domain, dependants.getLast().id());
            assertThat(last.phase()).isEqualTo(TaskPhase.FAILED);
            assertThat(appends.get() - before).isLessThanOrEqualTo(5);
            for (Task one : dependants) {
                Task stored = store.load(one.id()).orElseThrow().task();
                assertThat(stored.phase()).isEqualTo(TaskPhase.FAILED);
                Task known = domain.task(one.id()).orElseThrow();
                assertThat(known.updatedAt()).isEqualTo(stored.updatedAt());
                assertThat(known.error()).isEqualTo(stored.error());
            }
        }
    }

    @Test
    void whoIsNotStoredFailsWhenTheFailureIsSeen() {
        HeldStore store = new HeldStore();
        try (TestHost host = new TestHost(store, instance)) {
            Domain domain = host.domain("both");
            Task root = get(domain.schedule(later().build()));
            Task kept = get(domain.schedule(TestHost.task("nothing").dependsOn(on(root)).build()));
            Task fleeting =
                    get(
                            domain.schedule(
                                    TestHost.task("nothing")
                                            .durability(Durability.VOLATILE)
                                            .dependsOn(on(kept))
                                            .build()));
            store.hold();
            CompletableFuture<Task> answer =
                    domain.cancel(root.id(), "not needed").toCompletableFuture();
            assertThat(store.heldAppends()).isEqualTo(1);
            assertThat(answer).isNotDone();
            assertThat(domain.task(kept.id()).orElseThrow().phase())
                    .isEqualTo(TaskPhase.WAITING_DEPENDENCY);
            assertThat(domain.task(fleeting.id()).orElseThrow().phase())
                    .isEqualTo(TaskPhase.WAITING_DEPENDENCY);
            store.release();
            assertThat(get(answer).phase()).isEqualTo(TaskPhase.CANCELLED);
            assertThat(TestHost.ended(domain, kept.id()).phase()).isEqualTo(TaskPhase.FAILED);
            assertThat(TestHost.ended(domain, fleeting.id()).phase()).isEqualTo(TaskPhase.FAILED);
        }
    }
}
