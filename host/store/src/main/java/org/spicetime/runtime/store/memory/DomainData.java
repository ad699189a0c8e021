// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.ChangeCursor;
import org.spicetime.runtime.api.store.ChangePage;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoredRevision;
import org.spicetime.runtime.api.store.StoredSamples;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.store.rules.Change;
import org.spicetime.runtime.store.rules.Settlement;

/**
 * All that is kept of one domain, with the orders it is read in. Used under the store's lock; only
 * changed by a {@link Transaction} that holds, and by pruning.
 */
final class DomainData {

    /** Purged tasks remembered for those who resume. */
    static final int TOMBSTONES = 100_000;

    /** What changed last under a number: a task, or its purge at an instant. */
    private record Touched(TaskId task, @Nullable Instant purgedAt) {}

    final DomainId id;
    final UUID incarnation;
    final Map<TaskId, Row> rows = new HashMap<>();
    final TreeMap<Long, Row> bySeq = new TreeMap<>();
    final TreeSet<Row> ready = new TreeSet<>(Row.BY_RANK);
    final TreeSet<Row> timed = new TreeSet<>(Row.BY_TIME);
    final TreeSet<Row> ended = new TreeSet<>(Row.BY_END);
    final Map<String, Change.Key> keys = new HashMap<>();
    final Map<UUID, ScheduleRecord> schedules = new HashMap<>();
    final Map<TaskId, TreeMap<Integer, TaskAttempt>> attempts = new HashMap<>();
    final TreeMap<Long, StoredRevision> revisions = new TreeMap<>();

    @Nullable Lease lease;
    @Nullable DomainRecord record;
    long endedBytes;

    private final Map<Duration, TreeMap<Instant, StoredSamples>> samples = new HashMap<>();
    private final TreeMap<Long, Touched> changes = new TreeMap<>();
    private final TreeMap<Long, Instant> tombstones = new TreeMap<>();
    private long lastSeq;
    private long floorSeq;

    DomainData(DomainId id, UUID incarnation) {
        this.id = id;
        this.incarnation = incarnation;
    }

    /** What becomes of the tasks that ran. */
    List<StoreEvent> lost(Instant now) {
        List<StoreEvent> events = new ArrayList<>();
        for (Row row : bySeq.values()) {
            if (row.record().claim() != null) {
                events.add(Settlement.lost(row.record(), now));
            }
        }
        return events;
    }

    long nextChange() {
        return ++lastSeq;
    }

    ChangeCursor asOf() {
        return new ChangeCursor(incarnation, lastSeq);
    }

    /** Puts a row in the place of its former state. */
    void put(Row row) {
        Row former = rows.put(row.id(), row);
        if (former != null) {
            forget(former);
        }
        bySeq.put(row.seq(), row);
        if (row.phase() == TaskPhase.READY) {
            ready.add(row);
        } else if (row.isTimed()) {
            timed.add(row);
        } else if (row.phase().isFinal()) {
            ended.add(row);
            endedBytes += row.bytes();
        }
        changes.put(row.record().changedSeq(), new Touched(row.id(), null));
    }

    /** Removes a row and leaves a tombstone. */
    void purge(Row row, Instant at) {
        rows.remove(row.id());
        attempts.remove(row.id());
        bySeq.remove(row.seq());
        forget(row);
        long seq = nextChange();
        changes.put(seq, new Touched(row.id(), at));
        tombstones.put(seq, at);
        while (tombstones.size() > TOMBSTONES) {
            dropOldestTombstone();
        }
    }

    private void forget(Row row) {
        changes.remove(row.record().changedSeq());
        if (row.phase() == TaskPhase.READY) {
            ready.remove(row);
        } else if (row.isTimed()) {
            timed.remove(row);
        } else if (row.phase().isFinal() && ended.remove(row)) {
            endedBytes -= row.bytes();
        }
    }

    /** Keeps a block of measurements, and forgets those that are too old beside it. */
    void keep(StoredSamples block) {
        TreeMap<Instant, StoredSamples> blocks =
                samples.computeIfAbsent(block.resolution(), step -> new TreeMap<>());
        blocks.put(block.start(), block);
        blocks.headMap(block.start().minus(block.keptFor()), false).clear();
    }

    List<StoredSamples> samples(Duration resolution) {
        return List.copyOf(samples.getOrDefault(resolution, new TreeMap<>()).values());
    }

    /** Forgets purges before an instant. */
    void dropTombstonesBefore(Instant instant) {
        while (!tombstones.isEmpty() && tombstones.firstEntry().getValue().isBefore(instant)) {
            dropOldestTombstone();
        }
    }

    private void dropOldestTombstone() {
        Map.Entry<Long, Instant> oldest = tombstones.pollFirstEntry();
        changes.remove(oldest.getKey());
        floorSeq = oldest.getKey();
    }

    ChangePage changesAfter(ChangeCursor after, int limit) {
        if (!after.incarnation().equals(incarnation)
                || after.changedSeq() < floorSeq
                || after.changedSeq() > lastSeq) {
            return new ChangePage.Expired(new ChangeCursor(incarnation, floorSeq));
        }
        List<ChangePage.TaskChange> page = new ArrayList<>();
        boolean more = false;
        for (Map.Entry<Long, Touched> entry :
                changes.tailMap(after.changedSeq(), false).entrySet()) {
            if (page.size() == limit) {
                more = true;
                break;
            }
            Row row = rows.get(entry.getValue().task());
            page.add(
                    new ChangePage.TaskChange(
                            new ChangeCursor(incarnation, entry.getKey()),
                            entry.getValue().task(),
                            row == null ? null : row.record()));
        }
        return new ChangePage.Changes(
                page, page.isEmpty() ? asOf() : page.getLast().cursor(), more);
    }
}
