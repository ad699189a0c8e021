// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.onBatch;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.TaskDependency;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

final class DependencyTest {
    private final Fixture domain = new Fixture();

    @ParameterizedTest
    @EnumSource(DependencyType.class)
    void aDependantWaitsAndIsReleased(DependencyType type) {
        TaskEntry first = domain.admit(task());
        TaskEntry second = domain.admit(task().dependsOn(on(first, type)));
        assertThat(second.phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        assertThat(domain.pick()).isSameAs(first);
        assertThat(second.phase())
                .isEqualTo(
                        type == DependencyType.START
                                ? TaskPhase.READY
                                : TaskPhase.WAITING_DEPENDENCY);
        domain.succeed(first);
        assertThat(domain.task(second).dependencies())
                .containsExactly(new TaskDependency(first.taskId(), type, Duration.ZERO, true));
        domain.run(second);
    }

    @ParameterizedTest
    @EnumSource(DependencyType.class)
    void aFailureBreaksSuccessAndDataAlone(DependencyType type) {
        TaskEntry first = domain.admit(task());
        TaskEntry second = domain.admit(task().dependsOn(on(first, type)));
        domain.pick();
        domain.fail(first);
        boolean breaks = type == DependencyType.SUCCESS || type == DependencyType.DATA;
        assertThat(second.phase()).isEqualTo(breaks ? TaskPhase.FAILED : TaskPhase.READY);
        if (breaks) assertDependencyFailed(second, first);
    }

    @ParameterizedTest
    @EnumSource(DependencyType.class)
    void aCancellationBeforeTheStartBreaksAllButCompletionAndSoft(DependencyType type) {
        TaskEntry first = domain.admit(task());
        TaskEntry second = domain.admit(task().dependsOn(on(first, type)));
        domain.kernel.cancel(first.taskId(), null, domain.now());
        boolean released = type == DependencyType.COMPLETION || type == DependencyType.SOFT;
        assertThat(second.phase()).isEqualTo(released ? TaskPhase.READY : TaskPhase.FAILED);
    }

    @ParameterizedTest
    @EnumSource(DependencyType.class)
    void whatHasEndedAlreadyIsNotWaitedFor(DependencyType type) {
        TaskEntry done = domain.admit(task());
        domain.run(done);
        assertThat(domain.admit(task().dependsOn(on(done, type))).phase())
                .isEqualTo(TaskPhase.READY);
    }

    @Test
    void aTaskWhoseDependencyHasFailedAlreadyIsAdmittedAndFailsAtOnce() {
        TaskEntry failed = domain.admit(task());
        domain.pick();
        domain.fail(failed);
        TaskEntry dependant = domain.admit(task().dependsOn(on(failed, DependencyType.SUCCESS)));
        assertDependencyFailed(dependant, failed);
        assertThat(domain.finished).containsExactly(failed, dependant);
    }

    @ParameterizedTest
    @EnumSource(DependencyType.class)
    void aDependencyThatTakesTooLongFailsTheDependantUnlessItIsSoft(DependencyType type) {
        TaskEntry first = domain.admit(task().runAt(domain.now().instant().plusSeconds(3600)));
        TaskEntry second = domain.admit(task().dependsOn(on(first, type, Duration.ofSeconds(5))));
        domain.pass(Duration.ofSeconds(4));
        assertThat(second.phase()).isEqualTo(TaskPhase.WAITING_DEPENDENCY);
        domain.pass(Duration.ofSeconds(1));
        if (type == DependencyType.SOFT) {
            domain.run(second);
        } else {
            assertDependencyFailed(second, first);
            assertThat(errorOf(second).message()).contains("PT5S");
        }
    }

    @Test
    void failuresRunDownALongChain() {
        List<TaskRequest.Builder> chain = new ArrayList<>();
        chain.add(task());
        for (int i = 1; i < 100_000; i++) chain.add(task().dependsOn(onBatch(i - 1)));
        List<TaskEntry> entries = domain.admitAll(chain);
        domain.pick();
        domain.fail(entries.getFirst());
        assertThat(domain.finished).hasSize(100_000);
        assertThat(errorOf(entries.getLast()).code()).isEqualTo(RuntimeErrorCode.DEPENDENCY_FAILED);
    }

    @Test
    void forwardReferencesRunInOrderOfTheDependencies() {
        List<TaskEntry> entries =
                domain.admitAll(task().dependsOn(onBatch(2)), task().dependsOn(onBatch(0)), task());
        domain.run(entries.get(2));
        domain.run(entries.get(0));
        domain.run(entries.get(1));
    }

    @Test
    void aHundredThousandDependenciesOfOneTaskAndOnOneTaskAreFine() {
        List<TaskRequest.Builder> batch = new ArrayList<>();
        TaskRequest.Builder join = task();
        batch.add(task());
        for (int i = 1; i <= 100_000; i++) {
            batch.add(task().dependsOn(onBatch(0)));
            join.dependsOn(onBatch(i));
        }
        batch.add(join);
        List<TaskEntry> entries = domain.admitAll(batch);
        domain.run(entries.getFirst());
        for (int i = 0; i < 100_000; i++) domain.succeed(domain.pick());
        domain.run(entries.getLast());
    }

    @Test
    void dataIsHandedToTheDependantEvenWhenItsSourceIsNoLongerKept() {
        KernelSettings basic = KernelSettings.basic(1);
        Fixture forgetful =
                new Fixture(
                        new KernelSettings(
                                basic.priorities(),
                                basic.queuePolicy(),
                                0,
                                1,
                                0,
                                0,
                                basic.durability(),
                                false));
        TaskEntry source = forgetful.admit(task());
        TaskEntry sink = forgetful.admit(task().dependsOn(on(source, DependencyType.DATA)));
        forgetful.pick();
        forgetful.kernel.finished(
                source, new Outcome.Succeeded(Payload.json("[1]")), forgetful.now());
        assertThat(forgetful.kernel.entry(source.taskId())).isEmpty();
        assertThat(forgetful.kernel.inputs(sink))
                .isEqualTo(Map.of(source.taskId(), Payload.json("[1]")));
        forgetful.run(sink);
    }

    @Test
    void dependantsAreToldInOrderOfAdmission() {
        TaskEntry first = domain.admit(task());
        TaskEntry a = domain.admit(task().dependsOn(on(first, DependencyType.START)));
        TaskEntry b = domain.admit(task().dependsOn(on(first, DependencyType.SUCCESS)));
        domain.pick();
        assertThat(domain.kernel.dependents(first.taskId(), domain.now()))
                .extracting(task -> task.id())
                .containsExactly(a.taskId(), b.taskId());
    }

    @Test
    void aTaskOfAnotherDomainIsWaitedForByItsEvents() {
        TaskId foreign = domain.newId();
        DomainId elsewhere = DomainId.of("elsewhere");
        TaskRequest request =
                task().dependsOn(
                                new DependencyRequest(
                                        new TaskRef.Existing(foreign),
                                        DependencyType.DATA,
                                        Duration.ZERO))
                        .build();
        ForeignTask running = new ForeignTask(elsewhere, TaskPhase.RUNNING, true, null);
        TaskEntry entry =
                domain.kernel
                        .admit(
                                List.of(
                                        new Admission(
                                                domain.newId(),
                                                request,
                                                "noop",
                                                Map.of(foreign, running))),
                                domain.now())
                        .getFirst();
        assertThat(domain.kernel.awaits(foreign)).isTrue();
        assertThat(domain.kernel.awaitedForeign(entry)).containsExactly(foreign);
        domain.nothingToPick();
        domain.kernel.foreignChanged(
                foreign,
                new ForeignTask(elsewhere, TaskPhase.COMPLETED, true, Payload.json("7")),
                domain.now());
        assertThat(domain.kernel.inputs(entry)).containsEntry(foreign, Payload.json("7"));
        assertThat(domain.kernel.awaits(foreign)).isFalse();
        domain.run(entry);
    }

    @Test
    void aTaskThatEndsWaitsForNothingAnyMore() {
        TaskEntry first = domain.admit(task());
        TaskEntry second =
                domain.admit(
                        task().dependsOn(on(first, DependencyType.SUCCESS, Duration.ofSeconds(1))));
        domain.kernel.cancel(second.taskId(), null, domain.now());
        domain.pass(Duration.ofSeconds(2));
        domain.run(first);
        assertThat(second.phase()).isEqualTo(TaskPhase.CANCELLED);
        assertThat(domain.finished).containsExactly(second, first);
    }

    private static void assertDependencyFailed(TaskEntry dependant, TaskEntry dependency) {
        assertThat(dependant.phase()).isEqualTo(TaskPhase.FAILED);
        assertThat(errorOf(dependant).code()).isEqualTo(RuntimeErrorCode.DEPENDENCY_FAILED);
        assertThat(errorOf(dependant).context())
                .containsEntry("dependency", dependency.taskId().toString());
    }

    private static RuntimeError errorOf(TaskEntry entry) {
        return java.util.Objects.requireNonNull(entry.error());
    }
}
