// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.DeadlineMissPolicy;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRetry;

/** Deadlines, time limits, retries. */
final class TimeTest {
    private static final TaskRetry EXACT =
            new TaskRetry(
                    BackoffStrategy.EXPONENTIAL,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    2.0,
                    0.0);

    private final Fixture domain = new Fixture();

    @Test
    void aLateTaskIsCountedOnceAndRunsOn() {
        TaskEntry entry = domain.admit(task().relativeDeadline(Duration.ofSeconds(1)));
        domain.pick();
        domain.pass(Duration.ofSeconds(2));
        domain.pass(Duration.ofSeconds(2));
        assertThat(domain.missed).containsExactly(entry);
        domain.succeed(entry);
        assertThat(domain.task(entry).phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(domain.task(entry).deadlineMissed()).isTrue();
        assertThat(domain.kernel.counts().deadlineMisses()).isEqualTo(1);
    }

    @Test
    void toBeDoneAtTheDeadlineIsToBeInTime() {
        TaskEntry entry = domain.admit(task().relativeDeadline(Duration.ofSeconds(1)));
        domain.pick();
        domain.pass(Duration.ofSeconds(1));
        domain.succeed(entry);
        assertThat(domain.missed).isEmpty();
    }

    @Test
    void aTaskThatEndsLateBeforeTheTimerWasLookedAtIsLateAllTheSame() {
        TaskEntry entry = domain.admit(task().relativeDeadline(Duration.ofSeconds(1)));
        domain.pick();
        domain.passUnnoticed(Duration.ofSeconds(2));
        domain.succeed(entry);
        domain.pass(Duration.ofSeconds(2));
        assertThat(domain.missed).containsExactly(entry);
    }

    @Test
    void aQueuedTaskIsEndedByItsDeadlineIfItAskedForThat() {
        TaskEntry entry =
                domain.admit(
                        task().relativeDeadline(Duration.ofSeconds(1))
                                .onDeadlineMiss(DeadlineMissPolicy.CANCEL));
        domain.pass(Duration.ofSeconds(2));
        assertThat(entry.phase()).isEqualTo(TaskPhase.TIMED_OUT);
        assertThat(Objects.requireNonNull(entry.error()).code())
                .isEqualTo(RuntimeErrorCode.TASK_TIMEOUT);
        domain.nothingToPick();
    }

    @Test
    void aRunningTaskIsAskedToEndByItsDeadlineAndIsNotRetried() {
        TaskEntry entry =
                domain.admit(
                        task().relativeDeadline(Duration.ofSeconds(1))
                                .onDeadlineMiss(DeadlineMissPolicy.CANCEL)
                                .maxRetries(5));
        domain.pick();
        domain.pass(Duration.ofSeconds(2));
        assertThat(entry.phase()).isEqualTo(TaskPhase.CANCELLING);
        assertThat(domain.stops).containsExactly(entry.taskId() + " DEADLINE");
        domain.kernel.finished(entry, new Outcome.Cancelled(null), domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.TIMED_OUT);
    }

    @Test
    void aRelativeDeadlineCountsFromRunAt() {
        TaskEntry entry =
                domain.admit(
                        task().runAt(domain.now().instant().plusSeconds(60))
                                .relativeDeadline(Duration.ofSeconds(5)));
        assertThat(domain.task(entry).deadline()).isEqualTo(domain.now().instant().plusSeconds(65));
        domain.pass(Duration.ofSeconds(60));
        assertThat(entry.relativeDeadline()).isEqualTo(5_000_000_000L);
    }

    @Test
    void afterAJumpOfTheClockDeadlinesAndReleasesFollowUtc() {
        TaskEntry dated = domain.admit(task().relativeDeadline(Duration.ofHours(2)));
        TaskEntry later =
                domain.admit(task().runAt(domain.now().instant().plus(Duration.ofHours(2))));
        domain.jump(Duration.ofHours(1));
        assertThat(dated.deadline()).isEqualTo(Duration.ofHours(1).toNanos());
        domain.pass(Duration.ofHours(1));
        assertThat(later.phase()).isEqualTo(TaskPhase.READY);
        assertThat(domain.missed).isEmpty();
        domain.jump(Duration.ofHours(-3));
        domain.pass(Duration.ofHours(2));
        assertThat(domain.missed).isEmpty();
        domain.jump(Duration.ofHours(5));
        domain.pass(Duration.ZERO);
        assertThat(domain.missed).containsExactly(dated);
    }

    @Test
    void anAttemptBeyondItsTimeLimitIsStoppedWhateverTheClockSays() {
        TaskEntry entry = domain.admit(task().timeout(Duration.ofSeconds(10)));
        domain.pick();
        domain.jump(Duration.ofDays(1));
        domain.pass(Duration.ofSeconds(9));
        assertThat(domain.stops).isEmpty();
        domain.pass(Duration.ofSeconds(1));
        assertThat(domain.stops).containsExactly(entry.taskId() + " TIME_LIMIT");
        domain.succeed(entry);
        assertThat(entry.phase()).isEqualTo(TaskPhase.TIMED_OUT);
        assertThat(Objects.requireNonNull(entry.error()).message()).contains("PT10S");
    }

    @Test
    void aTimeLimitHoldsForEachAttempt() {
        TaskEntry entry =
                domain.admit(task().timeout(Duration.ofSeconds(10)).maxRetries(1).retry(EXACT));
        domain.pick();
        domain.pass(Duration.ofSeconds(10));
        domain.kernel.finished(entry, new Outcome.TimedOut("late"), domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.RETRY_WAIT);
        domain.pass(Duration.ofSeconds(1));
        domain.pick();
        domain.pass(Duration.ofSeconds(9));
        domain.succeed(entry);
        assertThat(entry.phase()).isEqualTo(TaskPhase.COMPLETED);
        assertThat(domain.stops).hasSize(1);
    }

    @Test
    void retriesWaitLongerEachTimeUpToTheLargestDelay() {
        TaskEntry entry = domain.admit(task().maxRetries(3).retry(EXACT));
        for (long delay : new long[] {1, 2, 3}) {
            domain.pick();
            domain.fail(entry);
            assertThat(entry.phase()).isEqualTo(TaskPhase.RETRY_WAIT);
            domain.pass(Duration.ofSeconds(delay).minusNanos(1));
            domain.nothingToPick();
            domain.pass(Duration.ofNanos(1));
        }
        domain.pick();
        assertThat(entry.attempt()).isEqualTo(4);
        domain.fail(entry);
        assertThat(entry.phase()).isEqualTo(TaskPhase.FAILED);
        assertThat(domain.kernel.counts().retries()).isEqualTo(3);
        assertThat(domain.finished).containsExactly(entry);
    }

    @Test
    void jitterShortensADelayByAtMostItsShare() {
        TaskRetry jittered =
                new TaskRetry(
                        BackoffStrategy.FIXED,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        1.0,
                        0.5);
        for (int i = 0; i < 50; i++) {
            Fixture fresh = new Fixture();
            TaskEntry entry = fresh.admit(task().maxRetries(1).retry(jittered));
            fresh.pick();
            fresh.fail(entry);
            assertThat(fresh.kernel.nextTimerNanos()).isBetween(5_000_000_000L, 10_000_000_000L);
        }
    }

    @Test
    void aFailureThatCannotGetBetterIsNotRetried() {
        TaskEntry entry = domain.admit(task().maxRetries(3));
        domain.pick();
        domain.kernel.finished(
                entry,
                new Outcome.Failed(
                        RuntimeErrorCode.MEMORY_PRESSURE,
                        "too large",
                        Map.of("requested", 5),
                        false),
                domain.now());
        assertThat(entry.phase()).isEqualTo(TaskPhase.FAILED);
        assertThat(Objects.requireNonNull(entry.error()).context()).containsEntry("requested", 5);
    }
}
