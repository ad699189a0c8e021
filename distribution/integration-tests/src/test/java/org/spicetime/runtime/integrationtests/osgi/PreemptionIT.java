// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;
import org.spicetime.runtime.integrationtests.BundleJar;

/**
 * Ordinary code of a handler, without checkpoints, is preempted and ended wherever it is, and its
 * thread serves the next task.
 */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class PreemptionIT {

    @Service BundleContext context;
    @Service Domains domains;
    @Service Bundles bundles;

    private @Nullable Bundle bundle;
    private @Nullable DomainProbe domain;

    @BeforeEach
    void deploy() throws BundleException {
        byte[] jar =
                BundleJar.empty("endless", "1.0.0")
                        .activator(EndlessHandler.class)
                        .with(EndlessHandler.Order.class)
                        .with(EndlessHandler.Answer.class)
                        .header(
                                "Import-Package",
                                "org.osgi.framework,org.spicetime.runtime.api.handler")
                        .bytes();
        bundle = context.installBundle("endless", new ByteArrayInputStream(jar));
        bundle.start();
        domain = DomainProbe.create(domains, "endless", "PRIORITY", "TLSF");
        probe().configure("executor", Map.of("parallelism", 1));
    }

    @AfterEach
    void remove() throws BundleException {
        if (domain != null) {
            domain.close();
        }
        if (bundle != null) {
            bundle.uninstall();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spins",
                "recurses",
                "computes vectors",
                "nests loops",
                "swallows what is thrown"
            })
    void codeThatNeverEndsIsPreemptedCancelledAndTimedOut(String way) {
        preempt(Map.of("enabled", true, "mode", "FULL"));
        Task endless = start(order(way, 1, Duration.ZERO));
        // It has warmed up and is preempted again and again.
        for (int i = 1; i <= 5; i++) {
            requireCompleted(probe().awaitEnd(probe().schedule(order("none", 9, Duration.ZERO))));
        }
        Task preempted = probe().domain().task(endless.id()).orElseThrow();
        assertThat(preempted.phase().isFinal()).isFalse();
        assertThat(preempted.metrics().preemptions()).isGreaterThanOrEqualTo(5);

        DomainProbe.done(probe().domain().cancel(endless.id(), "no longer wanted"));
        assertThat(probe().awaitEnd(endless).phase()).isEqualTo(TaskPhase.CANCELLED);
        requireNobodyIsInTheHandler();

        Task late = probe().awaitEnd(probe().schedule(order(way, 1, Duration.ofMillis(200))));
        assertThat(late.phase()).isEqualTo(TaskPhase.TIMED_OUT);
        requireNobodyIsInTheHandler();
        requireCompleted(probe().awaitEnd(probe().schedule(order("none", 1, Duration.ZERO))));
    }

    @Test
    void aRecursionAtTheEndOfItsStackIsCancelledAndLeavesItsHostWhole() {
        preempt(Map.of("enabled", true, "mode", "FULL"));
        Task endless = start(order("overflows its stack", 1, Duration.ZERO));
        // There is no room to give way in, so this one waits until the other is ended.
        Task urgent = probe().schedule(order("none", 9, Duration.ZERO));
        DomainProbe.done(probe().domain().cancel(endless.id(), "no longer wanted"));
        requireCompleted(probe().awaitEnd(urgent));
        assertThat(probe().awaitEnd(endless).phase()).isEqualTo(TaskPhase.CANCELLED);
        requireNobodyIsInTheHandler();
    }

    @Test
    void inModeThresholdOnlyTasksAboveItPreempt() {
        preempt(Map.of("enabled", true, "mode", "THRESHOLD", "threshold", 5));
        Task endless = start(order("spins", 1, Duration.ZERO));
        Task below = probe().schedule(order("none", 5, Duration.ZERO));
        requireCompleted(probe().awaitEnd(probe().schedule(order("none", 6, Duration.ZERO))));
        DomainProbe.done(probe().domain().cancel(endless.id(), "no longer wanted"));
        requireCompleted(probe().awaitEnd(below));
        Task ended = probe().awaitEnd(endless);
        assertThat(ended.metrics().preemptions()).isEqualTo(1);
    }

    @Test
    void inModeCooperativeTasksGiveWayAtCheckpointsOnlyButCanBeCancelled() {
        preempt(Map.of("enabled", true, "mode", "COOPERATIVE"));
        Task endless = start(order("spins", 1, Duration.ZERO));
        Task urgent = probe().schedule(order("none", 9, Duration.ZERO));
        DomainProbe.done(probe().domain().cancel(endless.id(), "no longer wanted"));
        requireCompleted(probe().awaitEnd(urgent));
        Task ended = probe().awaitEnd(endless);
        assertThat(ended.phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(ended.metrics().preemptions()).isZero();
        requireNobodyIsInTheHandler();
    }

    @Test
    void slicesEndInTheMiddleOfLoops() {
        preempt(Map.of("enabled", true, "mode", "FULL"));
        probe().configure("scheduler", Map.of("policy", "ROUND_ROBIN", "quantum", 2));
        List<Task> endless =
                List.of(
                        probe().schedule(order("computes vectors", 1, Duration.ZERO)),
                        probe().schedule(order("nests loops", 1, Duration.ZERO)));
        await().atMost(DomainProbe.LIMIT)
                .until(() ->
                        endless.stream()
                                .map(task -> probe().domain().task(task.id()).orElseThrow())
                                .allMatch(task -> task.metrics().preemptions() > 20));
        endless.forEach(
                task -> DomainProbe.done(probe().domain().cancel(task.id(), "seen enough")));
        endless.forEach(task -> probe().awaitEnd(task));
        requireNobodyIsInTheHandler();
    }

    @Test
    void aBundleThatIsWovenAsAWholeHasNoProblems() {
        requireCompleted(probe().awaitEnd(probe().schedule(order("none", 1, Duration.ZERO))));
        assertThat(bundles.all())
                .filteredOn(one -> one.symbolicName().equals("endless"))
                .singleElement()
                .satisfies(one -> assertThat(one.problems()).isEmpty());
    }

    private Task start(TaskRequest request) {
        Task task = probe().schedule(request);
        await().atMost(DomainProbe.LIMIT).until(() -> inTheHandler());
        return task;
    }

    private void preempt(Map<String, Object> preemption) {
        probe().configure("scheduler", Map.of("preemption", preemption));
    }

    private static boolean inTheHandler() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(EndlessHandler.class.getName()));
    }

    private static void requireNobodyIsInTheHandler() {
        await().atMost(DomainProbe.LIMIT).until(() -> !inTheHandler());
    }

    private static void requireCompleted(Task task) {
        assertThat(task.phase()).as("%s", task.error()).isEqualTo(TaskPhase.COMPLETED);
    }

    private static TaskRequest order(String way, int priority, Duration timeout) {
        return TaskRequest.of(TaskType.COMPUTATION)
                .handler("endless")
                .payload(Payload.json("{\"way\":\"" + way + "\"}"))
                .priority(priority)
                .durability(Durability.VOLATILE)
                .timeout(timeout)
                .build();
    }

    private DomainProbe probe() {
        assertThat(domain).isNotNull();
        return domain;
    }
}
