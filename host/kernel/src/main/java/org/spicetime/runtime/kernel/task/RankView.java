// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.api.task.TaskType;

/**
 * A task as a policy would see it if the monotonic clock showed UTC and numbers of release had
 * begun at another one: its key means the same to the next process. Immutable; the entry is guarded
 * by the caller.
 */
final class RankView implements TaskView {
    private final TaskEntry entry;
    private final long nextSeq;
    private final long firstSeq;
    private final long presentNanos;
    private final long utcOffset;

    /**
     * A view.
     *
     * @param nextSeq what a task gets that is released now
     * @param firstSeq added to the number of one that was released
     */
    RankView(TaskEntry entry, long nextSeq, long firstSeq, Now now) {
        this.entry = entry;
        this.nextSeq = nextSeq;
        this.firstSeq = firstSeq;
        presentNanos = now.nanos();
        Instant utc = now.instant();
        utcOffset = TimeUnit.SECONDS.toNanos(utc.getEpochSecond()) + utc.getNano() - presentNanos;
    }

    private long utc(long nanos) {
        return nanos == TaskEntry.NEVER ? TaskEntry.NEVER : Now.saturatedSum(nanos, utcOffset);
    }

    @Override
    public UUID id() {
        return entry.id();
    }

    @Override
    public long seq() {
        return entry.seq() < 0 ? nextSeq : firstSeq + entry.seq();
    }

    @Override
    public TaskType type() {
        return entry.type();
    }

    @Override
    public int priority() {
        return entry.basePriority();
    }

    @Override
    public int basePriority() {
        return entry.basePriority();
    }

    @Override
    public long releasedAt() {
        return utc(entry.releasedAt() == TaskEntry.NEVER ? presentNanos : entry.releasedAt());
    }

    @Override
    public long deadline() {
        return utc(entry.ownDeadline);
    }

    @Override
    public long relativeDeadline() {
        return entry.relativeDeadline();
    }

    @Override
    public long period() {
        return entry.period();
    }

    @Override
    public long estimatedNanos() {
        return entry.estimatedNanos();
    }

    @Override
    public long consumedNanos() {
        return entry.consumedNanos();
    }

    @Override
    public boolean started() {
        return false;
    }
}
