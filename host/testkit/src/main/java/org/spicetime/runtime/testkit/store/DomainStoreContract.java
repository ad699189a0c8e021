// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.IntendedState;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.StoredConfig;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/** What every task store has to keep about domains and schedules. */
public abstract class DomainStoreContract extends TaskLifeContract {

    /** For subclasses. */
    protected DomainStoreContract() {}

    private DomainRecord domain(Lease of) {
        return new DomainRecord(
                of.domain(),
                of.incarnation(),
                "Name",
                null,
                Map.of("team", "a"),
                IntendedState.RUNNING,
                new StoredConfig("{}", 1, 1),
                null,
                now(),
                now());
    }

    private DomainRecord stored() {
        assertThat(store.domains()).hasSize(1);
        return store.domains().getFirst();
    }

    @Test
    void aDomainIsReadBackAsItWasSaved() {
        assertThat(store.domains()).as("acquired, never saved").isEmpty();
        append(new DomainEvent.DomainSaved(domain(lease), "eve"));
        assertThat(stored()).isEqualTo(domain(lease));
    }

    @Test
    void domainsAreOrderedById() {
        append(new DomainEvent.DomainSaved(domain(lease), "eve"));
        Lease first = store.acquire(DomainId.of("a-first"), HOST, VALID);
        await(store.append(first, List.of(new DomainEvent.DomainSaved(domain(first), "eve"))));
        assertThat(store.domains())
                .extracting(DomainRecord::id)
                .containsExactly(DomainId.of("a-first"), DOMAIN);
    }

    @Test
    void aConfigurationFollowsTheOneBeforeIt() {
        append(new DomainEvent.DomainSaved(domain(lease), "eve"));
        append(changed(2));
        assertThat(stored().config().revision()).isEqualTo(2);
        refused(Reason.STALE, () -> append(changed(2)));
        refused(Reason.STALE, () -> append(changed(4)));
        append(changed(3), changed(4));
        assertThat(stored().config().revision()).isEqualTo(4);
    }

    private DomainEvent.ConfigChanged changed(long revision) {
        return new DomainEvent.ConfigChanged(
                now(),
                new StoredConfig("{\"r\":" + revision + "}", 1, revision),
                "[]",
                ConfigSource.API,
                "eve");
    }

    @Test
    void grantsAndTheIntendedStateAreKept() {
        append(new DomainEvent.DomainSaved(domain(lease), "eve"));
        append(
                new DomainEvent.GrantsChanged(now(), "{\"cpu\":1}", "eve"),
                new DomainEvent.StateIntended(now(), IntendedState.PAUSED, "eve"));
        assertThat(stored().grants()).isEqualTo("{\"cpu\":1}");
        assertThat(stored().intended()).isEqualTo(IntendedState.PAUSED);
        append(new DomainEvent.GrantsChanged(now(), null, "eve"));
        assertThat(stored().grants()).isNull();
    }

    @Test
    void aDomainThatWasNeverSavedCannotChange() {
        refused(Reason.STALE, () -> append(changed(1)));
        refused(
                Reason.STALE,
                () -> append(new DomainEvent.StateIntended(now(), IntendedState.PAUSED, "eve")));
    }

    @Test
    void aDeletedDomainTakesAllWithIt() {
        append(new DomainEvent.DomainSaved(domain(lease), "eve"));
        Task task = task(TaskPhase.READY, request -> request.idempotencyKey("k"));
        submit(task);
        append(new ScheduleEvent.ScheduleSaved(schedule("daily", 1)));
        append(new DomainEvent.DomainDeleted(now(), "eve"));
        assertThat(store.domains()).isEmpty();
        assertThat(store.load(task.id())).isEmpty();
        assertThat(store.known(DOMAIN, "k")).isEmpty();
        assertThat(store.schedules(DOMAIN)).isEmpty();
        Lease former = lease;
        refused(Reason.FENCED, () -> append(new TaskEvent.DeadlineMissed(task.id(), now())));
        lease = store.acquire(DOMAIN, HOST, VALID);
        assertThat(lease.incarnation()).isNotEqualTo(former.incarnation());
        refused(Reason.FENCED, () -> await(store.append(former, List.of(changed(2)))));
        submit(ready());
    }

    private final UUID id = new UUID(3, 3);

    private ScheduleRecord schedule(String name, long revision) {
        return schedule(id, name, revision);
    }

    private ScheduleRecord schedule(UUID of, String name, long revision) {
        return new ScheduleRecord(
                of,
                name,
                "{\"period\":\"PT1M\"}",
                false,
                now().plusSeconds(60),
                null,
                0,
                0,
                revision,
                "eve",
                "eve",
                now(),
                now());
    }

    private @Nullable ScheduleRecord onlySchedule() {
        return store.schedules(DOMAIN).isEmpty() ? null : store.schedules(DOMAIN).getFirst();
    }

    @Test
    void aReleaseAdvancesItsScheduleInOneAppend() {
        append(new ScheduleEvent.ScheduleSaved(schedule("daily", 1)));
        Task task = ready();
        append(
                lease,
                1,
                List.of(
                        submitted(task, 0),
                        new ScheduleEvent.ScheduleAdvanced(
                                id, now(), task.id(), 2, now().plusSeconds(120))));
        ScheduleRecord advanced = onlySchedule();
        assertThat(advanced).isNotNull();
        assertThat(advanced.lastTask()).isEqualTo(task.id());
        assertThat(advanced.released()).isEqualTo(1);
        assertThat(advanced.skipped()).isEqualTo(2);
        assertThat(advanced.nextRelease()).isEqualTo(now().plusSeconds(120));
        assertThat(advanced.revision()).isEqualTo(1);
    }

    @Test
    void schedulesAreChangedInTurnAndNamesAreUnique() {
        append(new ScheduleEvent.ScheduleSaved(schedule("daily", 1)));
        refused(Reason.STALE, () -> append(new ScheduleEvent.ScheduleSaved(schedule("other", 1))));
        append(new ScheduleEvent.ScheduleSaved(schedule("renamed", 2)));
        refused(
                Reason.STALE,
                () ->
                        append(
                                new ScheduleEvent.ScheduleSaved(
                                        schedule(new UUID(4, 4), "renamed", 1))));
        append(new ScheduleEvent.ScheduleSaved(schedule(new UUID(4, 4), "a", 1)));
        assertThat(store.schedules(DOMAIN))
                .extracting(ScheduleRecord::name)
                .containsExactly("a", "renamed");
        append(new ScheduleEvent.ScheduleDeleted(id, now(), "eve"));
        refused(Reason.STALE, () -> append(new ScheduleEvent.ScheduleDeleted(id, now(), "eve")));
        assertThat(store.schedules(DOMAIN)).hasSize(1);
    }
}
