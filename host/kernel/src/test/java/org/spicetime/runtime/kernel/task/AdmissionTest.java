// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.spicetime.runtime.kernel.task.Fixture.on;
import static org.spicetime.runtime.kernel.task.Fixture.onBatch;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.DependencyType;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskRef;
import org.spicetime.runtime.api.task.TaskRequest;

final class AdmissionTest {
    private final Fixture domain = new Fixture();

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 11, Integer.MAX_VALUE})
    void aPriorityOutOfRangeIsRefused(int priority) {
        RefusedException refused = refused(task().priority(priority));
        assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
        assertThat(refused).hasMessage("priority must be 0 .. 10, was " + priority);
    }

    @Test
    void withoutAPriorityTheDomainsDefaultHolds() {
        assertThat(domain.admit(task()).basePriority()).isEqualTo(5);
    }

    @Test
    void aDeadlineThatIsNotInTheFutureIsRefused() {
        assertThat(refused(task().deadline(domain.now().instant()))).hasMessageContaining("future");
        assertThat(refused(task().deadline(Instant.MIN))).hasMessageContaining("deadline");
    }

    @Test
    void aDeadlineNotAfterRunAtIsRefused() {
        Instant later = domain.now().instant().plusSeconds(9);
        assertThat(refused(task().deadline(later).runAt(later)))
                .hasMessageContaining("after runAt");
    }

    @Test
    void timesBeyondAllMeasureAreTakenOrRefusedButNeverWrapAround() {
        assertThat(domain.admit(task().deadline(Instant.MAX)).deadline())
                .isEqualTo(TaskEntry.NEVER);
        assertThat(refused(task().relativeDeadline(Duration.ofSeconds(Long.MAX_VALUE))))
                .hasMessageContaining("relativeDeadline");
        TaskEntry never = domain.admit(task().runAt(Instant.MAX));
        domain.pass(Duration.ofDays(10_000));
        assertThat(never.attempt()).isZero();
    }

    @Test
    void aMissingDependencyIsNamed() {
        TaskId missing = domain.newId();
        RefusedException refused =
                refused(task().dependsOn(DependencyRequest.success(new TaskRef.Existing(missing))));
        assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
        assertThat(refused).hasMessageContaining(missing.toString());
        assertThat(refused.details()).containsEntry("missing", missing.toString());
    }

    @Test
    void aTaskThatDependsOnItselfIsRefused() {
        assertThat(refused(task().dependsOn(onBatch(0)))).hasMessageContaining("#0 -> #0");
        TaskId own = domain.newId();
        TaskRequest request =
                task().dependsOn(DependencyRequest.success(new TaskRef.Existing(own))).build();
        RefusedException refused = refusedBatch(List.of(new Admission(own, request, "noop")));
        assertThat(refused).hasMessageContaining(own + " -> " + own);
    }

    @Test
    void aReferenceBeyondTheBatchIsRefused() {
        RefusedException refused = refused(task(), task().dependsOn(onBatch(2)));
        assertThat(refused).hasMessageContaining("#0 .. #1").hasMessageContaining("#2");
        assertThat(refused.details()).containsEntry("index", 1);
    }

    @Test
    void aCycleIsRefusedAsAWholeWithItsPath() {
        RefusedException refused =
                refused(
                        task().dependsOn(onBatch(2)),
                        task(),
                        task().dependsOn(onBatch(1)).dependsOn(onBatch(3)),
                        task().dependsOn(onBatch(0)));
        assertThat(refused).hasMessageContaining("#0 -> #2 -> #3 -> #0");
        assertThat(refused.details()).containsEntry("path", List.of("#0", "#2", "#3", "#0"));
    }

    @Test
    void aCycleThroughAHundredThousandTasksIsRefusedWithAShortPath() {
        List<TaskRequest.Builder> batch = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) batch.add(task().dependsOn(onBatch((i + 1) % 100_000)));
        RefusedException refused = refused(batch.toArray(TaskRequest.Builder[]::new));
        assertThat(refused.getMessage()).hasSizeLessThan(400).contains("99980 more");
    }

    @Test
    void aBatchBeyondTheQueuesCapacityIsRefusedAsAWhole() {
        KernelSettings basic = KernelSettings.basic(1);
        Fixture small =
                new Fixture(
                        new KernelSettings(
                                basic.priorities(),
                                QueuePolicy.FIFO,
                                3,
                                1,
                                0,
                                10,
                                basic.durability(),
                                false));
        TaskEntry first = small.admitAll(task(), task()).getFirst();
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> small.admitAll(task(), task()));
        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
        assertThat(refused.details())
                .containsAllEntriesOf(Map.of("requested", 2L, "available", 1L));
        assertThat(small.kernel.unfinished()).isEqualTo(2);
        small.run(first);
        small.admitAll(task(), task());
    }

    @Test
    void aDurableTaskIsRefusedWithoutAStoreForIt() {
        RefusedException refused = refused(task().durability(Durability.DURABLE));
        assertThat(refused.details())
                .containsEntry("reason", "NOT_AVAILABLE")
                .containsEntry("available", List.of("VOLATILE"));
    }

    @Test
    void anIdIsAdmittedOnce() {
        Admission admission = new Admission(domain.newId(), task().build(), "noop");
        assertThat(refusedBatch(List.of(admission, admission)).code())
                .isEqualTo(RequestErrorCode.CONFLICT);
        domain.kernel.admit(List.of(admission), domain.now());
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> domain.kernel.admit(List.of(admission), domain.now()));
        assertThat(refused.code()).isEqualTo(RequestErrorCode.CONFLICT);
    }

    @Test
    void oneBadTaskRefusesTheBatchAndChangesNothing() {
        TaskEntry existing = domain.admit(task());
        refused(task().dependsOn(on(existing, DependencyType.SUCCESS)), task().priority(99));
        assertThat(domain.kernel.dependents(existing.taskId(), domain.now())).isEmpty();
        assertThat(domain.kernel.counts().scheduled()).isEqualTo(1);
    }

    private RefusedException refused(TaskRequest.Builder... requests) {
        List<Admission> batch = new ArrayList<>();
        for (TaskRequest.Builder request : requests)
            batch.add(new Admission(domain.newId(), request.build(), "noop"));
        return refusedBatch(batch);
    }

    private RefusedException refusedBatch(List<Admission> batch) {
        int before = domain.kernel.unfinished();
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class, () -> domain.kernel.admit(batch, domain.now()));
        assertThat(refused).isNotNull();
        assertThat(domain.kernel.unfinished()).isEqualTo(before);
        return refused;
    }
}
