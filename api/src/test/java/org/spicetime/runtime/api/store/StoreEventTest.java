// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskMetrics;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

class StoreEventTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final TaskId ID = TaskId.of(NOW, new SplittableRandom(1));
    private static final UUID INCARNATION = new UUID(1, 2);
    private static final Claim CLAIM = new Claim(INCARNATION, 3, 1);
    private static final InputHash HASH = new InputHash("0123456789abcdef".repeat(4));
    private static final RuntimeError ERROR =
            new RuntimeError(RuntimeErrorCode.SCHEDULER_ERROR, "lost", "a", ID, Map.of());

    @ParameterizedTest
    @EnumSource(names = {"SCHEDULED", "WAITING_DEPENDENCY", "READY"})
    void aTaskIsSubmittedInAPhaseThatWaitsOrIsReady(TaskPhase phase) {
        TaskEvent.Submitted event = submitted(phase, null, null);
        assertThat(event.task()).isEqualTo(ID);
        assertThat(event.at()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SCHEDULED", "WAITING_DEPENDENCY", "READY"})
    void aTaskIsNotSubmittedInAnotherPhase(TaskPhase phase) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> submitted(phase, null, null))
                .withMessageContaining("phase must be one of")
                .withMessageContaining(phase.name());
    }

    @Test
    void anIdempotencyKeyComesWithTheHashOfItsInput() {
        assertThat(submitted(TaskPhase.READY, "key", HASH).inputHash()).isEqualTo(HASH);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> submitted(TaskPhase.READY, "key", null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> submitted(TaskPhase.READY, null, HASH));
        assertThatIllegalArgumentException().isThrownBy(() -> new InputHash("ABC"));
    }

    @Test
    void aLostTaskHasADelayIfItRunsAgainAndAnErrorIfItDoesNot() {
        assertThat(lost(TaskPhase.RETRY_WAIT, NOW, null).readyAt()).isEqualTo(NOW);
        assertThat(lost(TaskPhase.FAILED, null, ERROR).error()).isEqualTo(ERROR);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lost(TaskPhase.RETRY_WAIT, null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> lost(TaskPhase.FAILED, NOW, ERROR));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lost(TaskPhase.CANCELLED, null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> lost(TaskPhase.RUNNING, null, null));
    }

    @Test
    void whoAskedIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskEvent.CancelRequested(ID, NOW, " ", null))
                .withMessageContaining("by must not be blank");
    }

    @Test
    void progressIsARatio() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskEvent.Progress(ID, NOW, CLAIM, 1.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TaskEvent.Progress(ID, NOW, CLAIM, Double.NaN));
    }

    @Test
    void aFinishedTaskHasAWayBehindIt() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Ending(metrics(), List.of()));
    }

    @Test
    void anEpochBeginsAtOneAndAnAttemptToo() {
        HostRef host = new HostRef("h", INCARNATION);
        Lease lease = new Lease(DomainId.of("a"), INCARNATION, 7, host, null);
        assertThat(lease.claim(2)).isEqualTo(new Claim(INCARNATION, 7, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lease(DomainId.of("a"), INCARNATION, 0, host, null));
        assertThatIllegalArgumentException().isThrownBy(() -> lease.claim(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lease(DomainId.of("a"), INCARNATION, 1, host, Duration.ZERO));
    }

    @Test
    void cursorsOrderByRankThenAdmission() {
        assertThat(RankCursor.START).isLessThan(new RankCursor(Long.MIN_VALUE, 0));
        assertThat(new RankCursor(1, 9)).isLessThan(new RankCursor(2, 0));
        assertThat(new RankCursor(2, 0)).isLessThan(new RankCursor(2, 1));
        assertThat(new QueuedRef(ID, 5, -3, null, null, "digest", 0).cursor())
                .isEqualTo(new RankCursor(-3, 5));
    }

    @Test
    void onlyARunningTaskHasAClaim() {
        assertThat(stored(TaskPhase.RUNNING, CLAIM).claim()).isEqualTo(CLAIM);
        assertThatIllegalArgumentException().isThrownBy(() -> stored(TaskPhase.RUNNING, null));
        assertThatIllegalArgumentException().isThrownBy(() -> stored(TaskPhase.READY, CLAIM));
    }

    @Test
    void anUncertainOutcomeIsToldByTheReason() {
        assertThat(StoreException.Reason.COMMIT_FAILED.outcomeUnknown()).isTrue();
        assertThat(StoreException.Reason.OVERLOADED.outcomeUnknown()).isFalse();
    }

    @Test
    void limitsOfPruningArePositiveAndThoseOfRetentionNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PruneBudget(0, Duration.ofMillis(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new PruneBudget(1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Retention(null, null, OptionalLong.of(-1), OptionalLong.empty()));
    }

    private static TaskEvent.Lost lost(
            TaskPhase phase, @Nullable Instant readyAt, @Nullable RuntimeError error) {
        return new TaskEvent.Lost(ID, NOW, CLAIM, phase, readyAt, error);
    }

    private static TaskEvent.Submitted submitted(
            TaskPhase phase, @Nullable String key, @Nullable InputHash hash) {
        return new TaskEvent.Submitted(task(phase, key), 0, hash, null, null);
    }

    private static TaskRecord stored(TaskPhase phase, @Nullable Claim claim) {
        return new TaskRecord(
                task(phase, null), 1, 1, 0, null, null, claim, 0, null, null, "host", List.of());
    }

    private static Task task(TaskPhase phase, @Nullable String key) {
        return new Task(
                ID,
                DomainId.of("a"),
                TaskRequest.of(TaskType.COMPUTATION).idempotencyKey(key).build(),
                "digest",
                Durability.DURABLE,
                0,
                0,
                null,
                phase,
                0,
                NOW,
                NOW,
                List.of(),
                metrics(),
                false,
                OptionalDouble.empty(),
                null,
                null,
                null);
    }

    private static TaskMetrics metrics() {
        return new TaskMetrics(
                null,
                null,
                null,
                Duration.ZERO,
                0,
                MeasurementAccuracy.EXACT,
                0,
                OptionalLong.empty(),
                OptionalLong.empty(),
                0);
    }
}
