// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.HealthStatus;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.api.store.ScheduleEvent;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;

/**
 * Knows how the store's disk is, and what is to be refused because of it.
 *
 * <pre>
 *  little free space   growth refused, DISK_FULL; ends by itself
 *  a write failed      READ_ONLY: growth refused, the ballast is given up for the rest; ends by
 *                      itself when there is room and a test write was durable
 *  maybe damaged       the same, and the whole file is looked at before it ends
 *  damaged             READ_ONLY: everything refused, until an operator has repaired it
 *  fsync failed        the process ends
 * </pre>
 *
 * <p>Thread-safe: any thread asks, and tells of what it could not read; {@link #failed} and {@link
 * #tend} belong to the writer's thread.
 */
public final class StoreGuard {

    private static final Logger LOG = LoggerFactory.getLogger(StoreGuard.class);
    private static final long MEBI = 1 << 20;

    private final FaultSettings settings;
    private final DiskSpace disk;
    private final FailStop failStop;
    private final Ballast ballast;

    /* Belongs to the writer's thread. */
    private boolean withoutBallast;

    /** How the store is. Immutable. */
    private record State(
            @Nullable Fault fault,
            @Nullable String reason,
            boolean checking,
            long free,
            long limit) {

        boolean little() {
            return free < limit;
        }

        boolean refusesGrowth() {
            return fault != null || little();
        }

        State with(@Nullable Fault newFault, @Nullable String newReason) {
            return new State(newFault, newReason, checking, free, limit);
        }

        State checking(boolean now) {
            return new State(fault, reason, now, free, limit);
        }

        State space(long newFree, long newLimit) {
            return new State(fault, reason, checking, newFree, newLimit);
        }
    }

    /* Changed under the monitor of this guard, read by anybody. */
    private volatile State state;

    /** Something that is durable on the disk when it returns. */
    @FunctionalInterface
    public interface DurableWrite {

        /**
         * Writes, and grows the file by some pages.
         *
         * @throws SQLException if it could not
         */
        void run() throws SQLException;
    }

    /** A look at the whole file. */
    @FunctionalInterface
    public interface Examination {

        /**
         * Looks.
         *
         * @return what is wrong; null: nothing
         * @throws SQLException if it could not be read
         */
        @Nullable String run() throws SQLException;
    }

    /**
     * A guard of an open store.
     *
     * @param directory the store's directory, for the ballast
     * @param settings when to refuse
     * @param disk what to ask for free space
     * @param failStop what to do when the disk refuses to synchronise
     */
    public StoreGuard(Path directory, FaultSettings settings, DiskSpace disk, FailStop failStop) {
        this.settings = settings;
        this.disk = disk;
        this.failStop = failStop;
        ballast = new Ballast(directory, settings.ballastBytes());
        state = new State(null, null, false, disk.free(), settings.limit(disk.total()));
    }

    /**
     * Refuses what grows the store while it may not. At each reservation.
     *
     * @throws StoreException DISK_FULL or READ_ONLY
     */
    public void checkGrowth() {
        State now = state;
        if (now.fault() != null) {
            throw readOnly(now);
        }
        if (now.little()) {
            throw new StoreException(
                    Reason.DISK_FULL,
                    "the disk of the store has %d MiB left, and nothing new is taken below %d MiB; free space on it, or remove finished tasks"
                            .formatted(now.free() / MEBI, now.limit() / MEBI));
        }
    }

    /**
     * Refuses everything while the store is damaged.
     *
     * @throws StoreException READ_ONLY
     */
    public void checkWritable() {
        State now = state;
        if (now.fault() == Fault.DAMAGED) {
            throw readOnly(now);
        }
    }

    /**
     * Refuses an append that the present state does not allow: any while the store is damaged, and
     * while it may not grow those that add a schedule or a domain. Tasks are added in room that was
     * reserved before.
     *
     * @param events what is to be appended
     * @throws StoreException DISK_FULL or READ_ONLY
     */
    public void check(List<StoreEvent> events) {
        checkWritable();
        if (state.refusesGrowth() && events.stream().anyMatch(StoreGuard::adds)) {
            checkGrowth();
        }
    }

    private static boolean adds(StoreEvent event) {
        return switch (event) {
            case ScheduleEvent.ScheduleSaved saved -> saved.schedule().revision() == 1;
            case DomainEvent.DomainSaved saved ->
                    saved.domain().createdAt().equals(saved.domain().updatedAt());
            default -> false;
        };
    }

    private static StoreException readOnly(State now) {
        return new StoreException(Reason.READ_ONLY, "the store takes nothing new: " + now.reason());
    }

    /**
     * Takes note of a batch that failed and was rolled back. If the disk refused to synchronise,
     * the process ends here.
     *
     * @param error what the engine said
     * @return what the batch's appends end with: COMMIT_FAILED
     */
    public StoreException failed(SQLException error) {
        Fault fault = Fault.of(error);
        if (fault == Fault.SYNC) {
            failStop.stop("the store could not synchronise its disk", error);
        }
        boolean lasting = fault != Fault.OTHER;
        if (lasting) {
            turnReadOnly(fault, error);
            if (state.fault() != Fault.DAMAGED) {
                giveUpBallast();
            }
        }
        return new StoreException(
                Reason.COMMIT_FAILED,
                "the store could not commit, %s: %s".formatted(fault.clause(), error.getMessage()),
                error);
    }

    private synchronized void turnReadOnly(Fault fault, SQLException error) {
        Fault before = state.fault();
        // What may be damaged is looked at first, whatever else fails.
        if (before == Fault.DAMAGED || before == Fault.SUSPECT || before == fault) {
            return;
        }
        String reason = fault.clause() + " (" + error.getMessage() + ")";
        state = state.with(fault, reason);
        LOG.error("The store is read-only: {}", reason);
    }

    /**
     * Takes note of a question that failed. If the file may be damaged or the disk could not read,
     * the store is read-only until {@link #tend} has looked.
     *
     * @param error what the engine said
     */
    public void unreadable(SQLException error) {
        Fault fault = Fault.of(error);
        if (fault == Fault.SUSPECT || fault == Fault.IO) {
            turnReadOnly(fault, error);
        }
    }

    private void giveUpBallast() {
        try {
            ballast.release();
        } catch (IOException e) {
            LOG.warn("The ballast of the store could not be removed: {}", e.toString());
        }
    }

    /**
     * Looks at the free space, makes the ballast, and ends READ_ONLY when the disk is well again.
     * Called on the writer's thread every {@link FaultSettings#probeEvery()}, outside of any
     * transaction.
     *
     * @param test a write that is durable when it returns
     * @param look a look at the whole file, for a store that may be damaged
     */
    public void tend(DurableWrite test, Examination look) {
        measure();
        State now = state;
        if (now.fault() == Fault.DAMAGED) {
            return;
        }
        if (now.fault() == null) {
            if (!now.little()) {
                makeBallast();
            }
            return;
        }
        if (now.fault() == Fault.SUSPECT && !isSound(look)) {
            return;
        }
        if (now.free() >= now.limit() + settings.ballastBytes() && works(test) && makeBallast()) {
            synchronized (this) {
                state = state.with(null, null);
            }
            LOG.info("The store takes new tasks again: a test write is durable");
        }
    }

    private void measure() {
        try {
            long free = disk.free();
            long limit = settings.limit(disk.total());
            synchronized (this) {
                boolean before = state.little();
                state = state.space(free, limit);
                if (before != state.little()) {
                    LOG.warn(
                            "The disk of the store has {} MiB left; {}",
                            free / MEBI,
                            state.little()
                                    ? "nothing new is taken below %d MiB".formatted(limit / MEBI)
                                    : "new tasks are taken again");
                }
            }
        } catch (UncheckedIOException e) {
            LOG.warn("The free space of the store's disk is not told: {}", e.toString());
        }
    }

    private boolean isSound(Examination look) {
        try {
            String damage = look.run();
            if (damage != null) {
                checked(damage);
            }
            return damage == null;
        } catch (SQLException e) {
            if (Fault.of(e) == Fault.SUSPECT) {
                checked(String.valueOf(e.getMessage()));
            }
            return false;
        }
    }

    private boolean works(DurableWrite test) {
        try {
            test.run();
            return true;
        } catch (SQLException e) {
            if (Fault.of(e) == Fault.SYNC) {
                failStop.stop("the store could not synchronise its disk", e);
            }
            LOG.debug("The store is still read-only: {}", e.toString());
            return false;
        }
    }

    /* Told once until it is there again. */
    private boolean makeBallast() {
        try {
            ballast.make();
            withoutBallast = false;
            return true;
        } catch (IOException e) {
            if (!withoutBallast) {
                LOG.warn("The ballast of the store could not be made: {}", e.toString());
            }
            withoutBallast = true;
            return false;
        }
    }

    /** The file is being checked, after a process died that had it open. */
    public synchronized void checking() {
        state = state.checking(true);
    }

    /**
     * The check is over.
     *
     * @param damage what it found; null: nothing
     */
    public synchronized void checked(@Nullable String damage) {
        state = state.checking(false);
        if (damage != null) {
            String reason =
                    "%s (%s); restore a backup, or repair a copy with \".recover\" of sqlite3; nothing was removed"
                            .formatted(
                                    Fault.DAMAGED.clause(), damage.strip().replaceAll("\\s+", " "));
            state = state.with(Fault.DAMAGED, reason);
            LOG.error("The store is read-only: {}", reason);
        }
    }

    /**
     * How the store is, for its health.
     *
     * @return HEALTHY; CHECKING; DEGRADED with little space or read-only; UNHEALTHY when damaged
     */
    public HealthStatus status() {
        State now = state;
        if (now.fault() == Fault.DAMAGED) {
            return HealthStatus.UNHEALTHY;
        }
        if (now.fault() != null || now.little()) {
            return HealthStatus.DEGRADED;
        }
        return now.checking() ? HealthStatus.CHECKING : HealthStatus.HEALTHY;
    }

    /**
     * Whether a fault makes the store refuse what grows it.
     *
     * @return false also with little space only
     */
    public boolean readOnly() {
        return state.fault() != null;
    }

    /**
     * Why it is not healthy.
     *
     * @return null if it is
     */
    public @Nullable String message() {
        State now = state;
        if (now.fault() != null) {
            return "read-only: " + now.reason();
        }
        if (now.little()) {
            return "its disk has %d MiB left; nothing new is taken below %d MiB"
                    .formatted(now.free() / MEBI, now.limit() / MEBI);
        }
        return now.checking()
                ? "it is being checked, because a process died that had it open"
                : null;
    }

    /**
     * Bytes until growth is refused.
     *
     * @return as they were last measured
     */
    public OptionalLong freeBytes() {
        State now = state;
        return OptionalLong.of(Math.max(0, now.free() - now.limit()));
    }
}
