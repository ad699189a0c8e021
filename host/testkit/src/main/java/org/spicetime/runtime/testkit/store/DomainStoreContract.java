// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
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
import org.spicetime.runtime.api.store.StoredRevision;
import org.spicetime.runtime.api.store.StoredSamples;
import org.spicetime.runtime.api.store.TaskEvent;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/** What every task store has to keep about domains and schedules. */
public abstract class DomainStoreContract extends TakeoverContract {

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
    void configurationsAreRememberedNewestFirst() {
        DomainEvent.ConfigChanged first =
                new DomainEvent.ConfigChanged(
                        now(), new StoredConfig("{}", 1, 1), "[1]", ConfigSource.FILE, "eve");
        append(new DomainEvent.DomainSaved(domain(lease), "eve", first));
        append(changed(2), changed(3));
        append(new DomainEvent.DomainSaved(stored(), "bob"));
        assertThat(store.revisions(DOMAIN, Long.MAX_VALUE, 9))
                .extracting(revision -> revision.config().revision())
                .containsExactly(3L, 2L, 1L);
        assertThat(store.revisions(DOMAIN, 3, 1))
                .containsExactly(
                        new StoredRevision(
                                new StoredConfig("{\"r\":2}", 1, 2),
                                now(),
                                "[]",
                                ConfigSource.API,
                                "eve"));
        assertThat(store.revisions(DOMAIN, 2, 9))
                .containsExactly(
                        new StoredRevision(first.config(), now(), "[1]", ConfigSource.FILE, "eve"));
        refused(
                Reason.STALE,
                () -> append(new DomainEvent.DomainSaved(domain(lease), "eve", first)));
        append(new DomainEvent.DomainDeleted(now(), "eve"));
        assertThat(store.revisions(DOMAIN, Long.MAX_VALUE, 9)).isEmpty();
    }

    private StoredSamples samples(Duration resolution, long startSecond, int content) {
        return new StoredSamples(
                resolution,
                Instant.ofEpochSecond(startSecond),
                Duration.ofSeconds(100),
                new byte[] {(byte) content});
    }

    @Test
    void measurementsAreKeptByResolutionAndGoWithTheirDomain() {
        Duration second = Duration.ofSeconds(1);
        Duration minute = Duration.ofMinutes(1);
        append(new DomainEvent.DomainSaved(domain(lease), "eve"));
        store.saveSamples(DOMAIN, List.of());
        store.saveSamples(
                DOMAIN,
                List.of(samples(second, 60, 2), samples(second, 30, 1), samples(minute, 30, 3)));
        store.saveSamples(DOMAIN, List.of(samples(second, 60, 4)));
        store.saveSamples(DomainId.of("never-seen"), List.of(samples(second, 60, 9)));
        // Keeping does not wait; what is acknowledged after it was handed over after it.
        append(changed(2));
        assertThat(store.samples(DOMAIN, second))
                .as("the later block of a name takes its place")
                .containsExactly(samples(second, 30, 1), samples(second, 60, 4));
        assertThat(store.samples(DOMAIN, minute)).containsExactly(samples(minute, 30, 3));
        assertThat(store.samples(DOMAIN, Duration.ofSeconds(2))).isEmpty();
        assertThat(store.samples(DomainId.of("never-seen"), second)).isEmpty();

        store.saveSamples(DOMAIN, List.of(samples(second, 160, 5)));
        append(changed(3));
        assertThat(store.samples(DOMAIN, second))
                .as("blocks past their time go, those of another resolution stay")
                .containsExactly(samples(second, 60, 4), samples(second, 160, 5));
        assertThat(store.samples(DOMAIN, minute)).hasSize(1);

        append(new DomainEvent.DomainDeleted(now(), "eve"));
        assertThat(store.samples(DOMAIN, second)).isEmpty();
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
