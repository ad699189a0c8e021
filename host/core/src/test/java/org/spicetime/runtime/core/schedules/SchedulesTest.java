// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.schedule.ScheduleUpdate;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.task.TaskRelease;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

final class SchedulesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TEN = Duration.ofSeconds(10);

    private final FakeHost host = new FakeHost();
    private final Schedules schedules = new Schedules(host);

    @Test
    void releasesComeAtAFixedRateFromTheStartOnWithNumbersAndNominalInstants() {
        Schedule made = schedules.create(request("beat", OverlapPolicy.ALLOW));
        assertThat(host.numbers()).containsExactly(1L);
        for (int i = 0; i < 3; i++) pass(TEN.plusMillis(1));
        assertThat(host.releases())
                .containsExactly(
                        new TaskRelease(made.id(), 1, at(0)),
                        new TaskRelease(made.id(), 2, at(10)),
                        new TaskRelease(made.id(), 3, at(20)),
                        new TaskRelease(made.id(), 4, at(30)));
        Schedule now = schedules.find(made.id()).orElseThrow();
        assertThat(now.released()).isEqualTo(4);
        assertThat(now.skipped()).isZero();
        assertThat(now.lastTask()).isEqualTo(host.tasks().getLast());
        assertThat(now.revision()).isEqualTo(1);
        assertThat(schedules.nextReleases(made.id(), 3)).containsExactly(at(40), at(50), at(60));
        assertThat(schedules.nextNanos()).isEqualTo(40_000_000_000L);
        assertThat(host.rearmed).isEqualTo(40_000_000_000L);
    }

    @Test
    void aStartInTheFutureIsWaitedForAndOneInThePastFixesThePhaseOnly() {
        Schedule later = schedules.create(startingAt("later", at(25)));
        Schedule earlier = schedules.create(startingAt("earlier", at(-34)));
        assertThat(host.numbers()).isEmpty();
        assertThat(later.nextRelease()).isEqualTo(at(25));
        assertThat(earlier.nextRelease()).isEqualTo(at(6));
        pass(Duration.ofSeconds(6));
        assertThat(host.releases()).containsExactly(new TaskRelease(earlier.id(), 5, at(6)));
        assertThat(schedules.find(earlier.id()).orElseThrow().skipped()).isZero();
    }

    @Test
    void overlapAllowReleasesAllTheSame() {
        overlapped(OverlapPolicy.ALLOW);
        assertThat(host.numbers()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void overlapSkipLeavesOutWhileTheLastOneHasNotEnded() {
        Schedule schedule = overlapped(OverlapPolicy.SKIP);
        assertThat(host.numbers()).containsExactly(1L);
        host.ended.add(host.tasks().getFirst());
        pass(TEN);
        assertThat(host.numbers()).containsExactly(1L, 4L);
        assertThat(schedules.find(schedule.id()).orElseThrow().skipped()).isEqualTo(2);
    }

    @Test
    void overlapQueueLetsOneWaitForTheOneBefore() {
        Schedule schedule = overlapped(OverlapPolicy.QUEUE);
        assertThat(host.numbers()).containsExactly(1L, 2L);
        TaskId first = host.tasks().getFirst();
        TaskId second = host.tasks().getLast();
        assertThat(host.waiting).containsExactly(second);
        host.ended.add(first);
        host.waiting.clear();
        pass(TEN);
        assertThat(host.numbers()).containsExactly(1L, 2L, 4L);
        assertThat(host.waiting).containsExactly(host.tasks().getLast());
        assertThat(schedules.find(schedule.id()).orElseThrow().skipped()).isEqualTo(1);
    }

    @Test
    void overlapReplaceCancelsTheOneBefore() {
        overlapped(OverlapPolicy.REPLACE);
        assertThat(host.numbers()).containsExactly(1L, 2L, 3L);
        assertThat(host.ended).containsExactlyInAnyOrderElementsOf(host.tasks().subList(0, 2));
    }

    private Schedule overlapped(OverlapPolicy overlap) {
        Schedule schedule = schedules.create(request("overlap", overlap));
        pass(TEN);
        pass(TEN);
        return schedule;
    }

    @Test
    void misfireSkipLeavesOutWhatIsLate() {
        Schedule schedule = missed(MisfirePolicy.SKIP);
        assertThat(host.numbers()).containsExactly(1L);
        assertThat(schedule.skipped()).isEqualTo(5);
        pass(Duration.ofSeconds(5));
        assertThat(host.numbers()).containsExactly(1L, 7L);
    }

    @Test
    void misfireRunOnceMakesUpForTheNewest() {
        Schedule schedule = missed(MisfirePolicy.RUN_ONCE);
        assertThat(host.numbers()).containsExactly(1L, 6L);
        assertThat(schedule.skipped()).isEqualTo(4);
        assertThat(schedule.nextRelease()).isEqualTo(at(60));
    }

    @Test
    void misfireRunAllMakesUpForAllOldestFirst() {
        Schedule schedule = missed(MisfirePolicy.RUN_ALL);
        assertThat(host.numbers()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(schedule.skipped()).isZero();
    }

    @Test
    void misfireRunAllMakesUpForAHundredAtMost() {
        schedules.create(misfire(MisfirePolicy.RUN_ALL));
        host.admits = false;
        pass(TEN.multipliedBy(250));
        host.admits = true;
        schedules.reconsider();
        pass(Duration.ZERO);
        assertThat(host.numbers()).hasSize(101).startsWith(1L, 152L).endsWith(251L);
    }

    private Schedule missed(MisfirePolicy misfire) {
        Schedule schedule = schedules.create(misfire(misfire));
        host.admits = false;
        schedules.reconsider();
        assertThat(schedules.nextNanos()).isEqualTo(Long.MAX_VALUE);
        pass(Duration.ofSeconds(55));
        assertThat(host.numbers()).containsExactly(1L);
        host.admits = true;
        schedules.reconsider();
        pass(Duration.ZERO);
        return schedules.find(schedule.id()).orElseThrow();
    }

    @Test
    void whatFallsIntoAPauseIsLeftOut() {
        Schedule made = schedules.create(misfire(MisfirePolicy.RUN_ALL));
        Schedule paused = schedules.pause(made.id(), "ann");
        assertThat(paused.paused()).isTrue();
        assertThat(schedules.nextReleases(made.id(), 5)).isEmpty();
        assertThat(schedules.nextNanos()).isEqualTo(Long.MAX_VALUE);
        pass(Duration.ofSeconds(35));
        Schedule resumed = schedules.resume(made.id(), "ben");
        assertThat(host.numbers()).containsExactly(1L);
        assertThat(resumed.skipped()).isEqualTo(3);
        assertThat(resumed.nextRelease()).isEqualTo(at(40));
        assertThat(resumed.revision()).isEqualTo(3);
        assertThat(resumed.changedBy()).isEqualTo("ben");
        assertThat(schedules.resume(made.id(), "ben").revision()).isEqualTo(3);
    }

    @Test
    void anUpdateCountsTheRevisionAndRefusesAStaleOne() {
        Schedule made = schedules.create(request("a", OverlapPolicy.SKIP));
        Schedule updated = schedules.update(made.id(), named("b"), 1);
        assertThat(updated.name()).isEqualTo("b");
        assertThat(updated.revision()).isEqualTo(2);
        RefusedException stale = refusal(() -> schedules.update(made.id(), named("c"), 1));
        assertThat(stale.code()).isEqualTo(RequestErrorCode.CONFLICT);
        assertThat(stale).hasMessageContaining("revision 2");
        assertThat(schedules.all()).extracting(Schedule::name).containsExactly("b");
        pass(TEN);
        assertThat(schedules.find(made.id()).orElseThrow().revision()).isEqualTo(2);
    }

    @Test
    void anotherPeriodCountsFromTheLastReleaseAndNumbersGoOn() {
        Schedule made = schedules.create(request("p", OverlapPolicy.ALLOW));
        pass(TEN);
        pass(Duration.ofSeconds(2));
        schedules.update(made.id(), period(Duration.ofSeconds(3)), null);
        pass(SECOND);
        pass(Duration.ofSeconds(3));
        assertThat(host.releases())
                .extracting(TaskRelease::nominal)
                .containsExactly(at(0), at(10), at(13), at(16));
        assertThat(host.numbers()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aNameInUseIsAConflictAndFreeAgainAfterwards() {
        Schedule made = schedules.create(request("same", OverlapPolicy.SKIP));
        RefusedException taken =
                refusal(() -> schedules.create(request("same", OverlapPolicy.ALLOW)));
        assertThat(taken.code()).isEqualTo(RequestErrorCode.CONFLICT);
        assertThat(schedules.delete(made.id(), "ann").id()).isEqualTo(made.id());
        assertThat(schedules.find(made.id())).isEmpty();
        assertThat(schedules.nextNanos()).isEqualTo(Long.MAX_VALUE);
        schedules.create(request("same", OverlapPolicy.ALLOW));
        assertThat(refusal(() -> schedules.delete(made.id(), "ann")).code())
                .isEqualTo(RequestErrorCode.NOT_FOUND);
    }

    @Test
    void oneMoreScheduleThanADomainMayHaveIsRefused() {
        for (int i = 0; i < Schedule.MAX_PER_DOMAIN; i++) {
            schedules.create(startingAt("s" + i, at(99)));
        }
        assertThat(refusal(() -> schedules.create(request("more", OverlapPolicy.SKIP))).code())
                .isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
        assertThat(schedules.all()).hasSize(Schedule.MAX_PER_DOMAIN);
    }

    @Test
    void aReleaseThatIsRefusedIsLeftOutAndTheNextOneComes() {
        Schedule made = schedules.create(request("full", OverlapPolicy.ALLOW));
        host.refusal = RefusedException.exhausted("the queue is full", 1, 0);
        pass(TEN);
        host.refusal = null;
        pass(TEN);
        assertThat(host.numbers()).containsExactly(1L, 3L);
        assertThat(schedules.find(made.id()).orElseThrow().skipped()).isEqualTo(1);
    }

    @Test
    void whatCouldNeverBeReleasedIsRefusedAtOnce() {
        host.refusal = RefusedException.badInput("handler", "unknown");
        refusal(() -> schedules.create(request("wrong", OverlapPolicy.SKIP)));
        assertThat(schedules.all()).isEmpty();
        assertThat(host.events).isEmpty();
    }

    @Test
    void theDeadlineCountsFromTheNominalRelease() {
        schedules.create(
                new ScheduleRequest(
                        "dated",
                        task(),
                        Recurrence.every(TEN),
                        null,
                        OverlapPolicy.ALLOW,
                        MisfirePolicy.RUN_ONCE,
                        Duration.ofSeconds(4),
                        false));
        pass(Duration.ofSeconds(12));
        assertThat(host.admitted.values())
                .extracting(task -> task.request().deadline())
                .containsExactly(at(4), at(14));
    }

    @Test
    void whenTheWallClockIsSetTheNextReleaseMovesWithIt() {
        schedules.create(request("clock", OverlapPolicy.ALLOW));
        host.jump(Duration.ofSeconds(-20));
        schedules.reconsider();
        assertThat(schedules.nextNanos()).isEqualTo(30_000_000_000L);
        host.jump(Duration.ofSeconds(30));
        schedules.reconsider();
        pass(Duration.ZERO);
        assertThat(host.numbers()).containsExactly(1L, 2L);
    }

    @Test
    void aScheduleMadeWithItsFirstTaskIsGoneIfThatIsRefused() {
        UUID id = new UUID(1, 2);
        RefusedException full = RefusedException.exhausted("full", 1, 0);
        assertThat(
                        refusal(() ->
                                schedules.createWith(
                                        id,
                                        request("first", OverlapPolicy.SKIP),
                                        (release, advanced) -> {
                                            throw full;
                                        })))
                .isSameAs(full);
        assertThat(schedules.all()).isEmpty();
        assertThat(host.events).hasSize(2).last().isInstanceOf(ScheduleEvent.ScheduleDeleted.class);
    }

    @Test
    void aScheduleMadeWithItsFirstTaskGoesOnOnePeriodLater() {
        UUID id = new UUID(1, 2);
        schedules.createWith(
                id,
                startingAt("later", at(7)),
                (release, advanced) -> host.admit(task(), release, TEN, advanced));
        assertThat(host.releases()).containsExactly(new TaskRelease(id, 1, at(7)));
        assertThat(schedules.find(id).orElseThrow().nextRelease()).isEqualTo(at(17));
    }

    @Test
    void aReleaseThatIsNotStoredCountsAsLeftOut() {
        host.storesLate = true;
        Schedule made = schedules.create(request("lost", OverlapPolicy.SKIP));
        assertThat(schedules.find(made.id()).orElseThrow().released()).isEqualTo(1);
        host.late.forEach(Runnable::run);
        Schedule now = schedules.find(made.id()).orElseThrow();
        assertThat(now.released()).isZero();
        assertThat(now.skipped()).isEqualTo(1);
        assertThat(now.lastTask()).isNull();
        assertThat(host.events.getLast())
                .isEqualTo(new ScheduleEvent.ScheduleAdvanced(made.id(), at(0), null, 1, at(10)));
    }

    @Test
    void theStoreIsToldOfEveryChangeAndEveryRelease() {
        Schedule made = schedules.create(request("told", OverlapPolicy.SKIP));
        pass(TEN);
        schedules.pause(made.id(), "ann");
        assertThat(host.events).hasSize(4);
        assertThat(host.events.get(1))
                .isEqualTo(
                        new ScheduleEvent.ScheduleAdvanced(
                                made.id(), at(0), host.tasks().getFirst(), 0, at(10)));
        assertThat(host.events.get(2))
                .isEqualTo(new ScheduleEvent.ScheduleAdvanced(made.id(), at(10), null, 1, at(20)));
        assertThat(host.events.get(3))
                .isInstanceOfSatisfying(
                        ScheduleEvent.ScheduleSaved.class,
                        saved -> {
                            assertThat(saved.schedule().paused()).isTrue();
                            assertThat(saved.schedule().revision()).isEqualTo(2);
                            assertThat(saved.schedule().definition())
                                    .contains("\"period\":\"PT10S\"", "COMPUTATION");
                        });
    }

    /* ---- shorthand ---- */

    private void pass(Duration span) {
        host.pass(span);
        schedules.elapsed(host.now());
    }

    private static Instant at(long seconds) {
        return FakeHost.START.plusSeconds(seconds);
    }

    private static TaskRequest task() {
        return TaskRequest.of(TaskType.COMPUTATION).owner("ann").build();
    }

    private static ScheduleRequest request(String name, OverlapPolicy overlap) {
        return new ScheduleRequest(
                name,
                task(),
                Recurrence.every(TEN),
                null,
                overlap,
                MisfirePolicy.RUN_ONCE,
                null,
                false);
    }

    private static ScheduleRequest misfire(MisfirePolicy misfire) {
        return new ScheduleRequest(
                "misfire",
                task(),
                Recurrence.every(TEN),
                null,
                OverlapPolicy.ALLOW,
                misfire,
                null,
                false);
    }

    private static ScheduleRequest startingAt(String name, Instant start) {
        return new ScheduleRequest(
                name,
                task(),
                Recurrence.every(TEN),
                start,
                OverlapPolicy.ALLOW,
                MisfirePolicy.RUN_ONCE,
                null,
                false);
    }

    private static ScheduleUpdate named(String name) {
        return new ScheduleUpdate(name, null, null, null, null, null, null, null, null, "ann");
    }

    private static ScheduleUpdate period(@Nullable Duration period) {
        return new ScheduleUpdate(null, null, period, null, null, null, null, null, null, "ann");
    }

    private static RefusedException refusal(Runnable action) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, action::run);
        assertThat(refused).isNotNull();
        return refused;
    }
}
