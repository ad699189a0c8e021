// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainSpec;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskRequest;

/** A domain made for one test; closing it deletes it. Called by one thread at a time. */
final class DomainProbe implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);
    static final long POOL_BYTES = 16L << 20;
    private static final int BATCH = 500;

    private final Domains domains;
    private final Domain domain;

    private DomainProbe(Domains domains, Domain domain) {
        this.domains = domains;
        this.domain = domain;
    }

    /** With two workers, this policy and this strategy. */
    static DomainProbe create(Domains domains, String id, String policy, String strategy) {
        return create(domains, id, policy, strategy, Map.of());
    }

    /** The same with parameters of the strategy. */
    static DomainProbe create(
            Domains domains,
            String id,
            String policy,
            String strategy,
            Map<String, Object> parameters) {
        Map<String, Object> memory =
                Map.of(
                        "poolSize", POOL_BYTES,
                        "allocationType", strategy,
                        "parameters", parameters);
        Map<String, Object> config =
                Map.of(
                        "scheduler", Map.of("policy", policy),
                        "memory", memory,
                        "executor", Map.of("parallelism", 2));
        DomainSpec spec =
                new DomainSpec(
                        DomainId.of(id), null, null, Map.of(), new ConfigPatch(config), true);
        return new DomainProbe(domains, done(domains.create(spec)));
    }

    Domain domain() {
        return domain;
    }

    DomainState state() {
        return domain.state();
    }

    /** Changes members of one group of the configuration. */
    DomainState configure(String group, Map<String, Object> members) {
        return done(domain.configure(new ConfigPatch(Map.of(group, members)), null));
    }

    Task schedule(TaskRequest request) {
        return done(domain.schedule(request));
    }

    /** Schedules tasks of these numbers in batches. */
    void schedule(CountingHandler handler, int from, int to) {
        for (int first = from; first < to; first += BATCH) {
            List<TaskRequest> batch =
                    IntStream.range(first, Math.min(to, first + BATCH))
                            .mapToObj(handler::request)
                            .toList();
            assertThat(done(domain.scheduleAll(batch))).hasSameSizeAs(batch);
        }
    }

    /** The first state of the domain that is as wanted. */
    DomainState awaitState(String wanted, Predicate<DomainState> predicate) {
        CompletableFuture<DomainState> seen = new CompletableFuture<>();
        try (Watch _ =
                domain.watch(state -> {
                    if (predicate.test(state)) {
                        seen.complete(state);
                    }
                })) {
            return seen.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the domain is not " + wanted + ": " + domain.state(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** The final state of the task. */
    Task awaitEnd(Task task) {
        return awaitEnd(domain, task);
    }

    /** The final state of the task of that domain. */
    static Task awaitEnd(Domain domain, Task task) {
        CompletableFuture<Task> seen = new CompletableFuture<>();
        try (Watch _ =
                domain.watchTask(
                        task.id(),
                        state -> {
                            if (state.phase().isFinal()) {
                                seen.complete(state);
                            }
                        })) {
            return seen.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not finished: " + domain.task(task.id()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** Waits until so many tasks have ended, and requires that the counters add up to it. */
    RuntimeMetrics awaitEnded(int tasks) {
        await("the metrics of " + tasks + " ended tasks")
                .atMost(LIMIT)
                .until(() ->
                        domain.metrics().tasksCompleted() + domain.metrics().tasksFailed()
                                == tasks);
        RuntimeMetrics metrics = domain.metrics();
        assertThat(metrics.tasksScheduled()).isEqualTo(tasks);
        assertThat(metrics.tasksPending()).isZero();
        assertThat(metrics.tasksRunning()).isZero();
        assertThat(metrics.tasksBlocked()).isZero();
        return metrics;
    }

    @Override
    public void close() {
        done(domains.delete(domain.id(), true));
    }

    /** What the stage completes with; a refusal is thrown as itself. */
    static <T> T done(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT, e);
        }
    }
}
