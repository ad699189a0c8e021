// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.PruneBudget;
import org.spicetime.runtime.api.store.Retention;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;

/** What every task store has to remove of finished tasks, and what it has to keep. */
public abstract class RetentionContract extends TaskHistoryContract {

    private static final PruneBudget PLENTY = new PruneBudget(1_000_000, Duration.ofMinutes(1));

    /** For subclasses. */
    protected RetentionContract() {}

    private static Retention keep(@Nullable Duration span, OptionalLong tasks) {
        return new Retention(span, span, tasks, OptionalLong.empty());
    }

    @Test
    void finishedTasksAreRemovedByAgeOldestFirst() {
        List<TaskId> done = new ArrayList<>();
        finish(
                3,
                task -> {
                    done.add(task.id());
                    pass(Duration.ofHours(1));
                });
        Task waiting = ready();
        submit(waiting);
        Retention hours = keep(Duration.ofMinutes(150), OptionalLong.empty());
        assertThat(store.prune(DOMAIN, hours, PLENTY)).isEqualTo(1);
        assertThat(store.load(done.getFirst())).isEmpty();
        assertThat(store.prune(DOMAIN, hours, PLENTY)).isZero();
        Retention nothing = keep(Duration.ZERO, OptionalLong.empty());
        assertThat(store.prune(DOMAIN, nothing, new PruneBudget(1, Duration.ofMinutes(1))))
                .isEqualTo(1);
        assertThat(store.load(done.get(1))).isEmpty();
        pass(Duration.ofDays(1000));
        assertThat(store.prune(DOMAIN, nothing, PLENTY)).isEqualTo(1);
        assertThat(all(TaskFilter.ALL, 10)).containsExactly(waiting.id());
    }

    @Test
    void finishedTasksAreRemovedByNumber() {
        List<TaskId> done = new ArrayList<>();
        finish(
                5,
                task -> {
                    done.add(task.id());
                    pass(Duration.ofSeconds(1));
                });
        assertThat(store.prune(DOMAIN, keep(null, OptionalLong.of(2)), PLENTY)).isEqualTo(3);
        assertThat(all(TaskFilter.ALL, 10)).containsExactly(done.get(4), done.get(3));
        assertThat(store.count(DOMAIN, TaskFilter.ALL)).hasValue(2);
    }

    @Test
    void finishedTasksAreRemovedByTheirBytes() {
        List<TaskId> done = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Task task =
                    task(
                            TaskPhase.READY,
                            request ->
                                    request.payload(
                                            new Payload(
                                                    new byte[50_000], "application/octet-stream")));
            done.add(finish(task).id());
            pass(Duration.ofSeconds(1));
        }
        Retention bytes = new Retention(null, null, OptionalLong.empty(), OptionalLong.of(110_000));
        assertThat(store.prune(DOMAIN, bytes, PLENTY)).isEqualTo(3);
        assertThat(all(TaskFilter.ALL, 10)).containsExactly(done.get(4), done.get(3));
        assertThat(store.prune(DOMAIN, bytes, PLENTY)).isZero();
    }

    @Test
    void aBudgetBoundsHowManyAreRemovedAtOnce() {
        List<StoreEvent> events = new ArrayList<>();
        List<StoreEvent> ends = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            Task task = ready();
            events.add(submitted(task, 0));
            ends.add(started(task, 1));
            ends.add(completed(task, 1));
        }
        append(lease, 700, events);
        append(ends.toArray(StoreEvent[]::new));
        ChangeCursor before = store.query(DOMAIN, TaskRange.newest(TaskFilter.ALL, 1)).asOf();
        Retention few = keep(null, OptionalLong.of(10));
        assertThat(store.prune(DOMAIN, few, new PruneBudget(600, Duration.ofMinutes(1))))
                .isEqualTo(600);
        assertThat(store.count(DOMAIN, TaskFilter.ALL)).hasValue(100);
        assertThat(store.prune(DOMAIN, few, PLENTY)).isEqualTo(90);
        assertThat(changes(before, 1000).changes())
                .hasSize(690)
                .allMatch(change -> change.record() == null);
    }

    @Test
    void failedTasksStayAsLongAsTheirOwnLimitSays() {
        Task completed = finish(ready());
        Task dead = ready();
        submit(dead);
        append(failed(dead));
        pass(Duration.ofHours(10));
        Retention split =
                new Retention(
                        Duration.ofHours(1),
                        Duration.ofHours(20),
                        OptionalLong.empty(),
                        OptionalLong.empty());
        assertThat(store.prune(DOMAIN, split, PLENTY)).isEqualTo(1);
        assertThat(store.load(completed.id())).isEmpty();
        assertThat(store.load(dead.id())).isPresent();
    }

    @Test
    void aTaskAnUnfinishedOneDependsOnIsKept() {
        Task first = finish(ready());
        Task second = waiting(first);
        submit(second);
        pass(Duration.ofDays(1));
        Retention nothing = keep(Duration.ZERO, OptionalLong.empty());
        assertThat(store.prune(DOMAIN, nothing, PLENTY)).isZero();
        append(failed(second));
        pass(Duration.ofDays(1));
        assertThat(store.prune(DOMAIN, nothing, PLENTY)).isEqualTo(2);
    }
}
