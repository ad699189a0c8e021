// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.BackupReport;
import org.spicetime.runtime.api.domain.StoreHealth;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Keeps tasks, their history, schedules and domains. A service; one is in use per host, for the
 * life of the process.
 *
 * <p><b>Threads.</b> Thread-safe. {@link #append} never waits for the disk: it hands over and
 * returns. All other methods may wait for it, so the host calls them on threads of its own and
 * never while it dispatches. Stages complete on a thread of the store; what depends on them must be
 * quick.
 *
 * <p><b>Durability.</b> If {@link OpenReport#durable()} says so, a completed append survives a
 * crash of the process and a loss of power. A store in memory says no, and forgets everything with
 * its process.
 *
 * <p><b>Fencing.</b> Each domain has one owner at a time, known by an epoch that only grows. Every
 * append checks in the same transaction as its effect that the lease is still the present one.
 *
 * <p><b>Errors.</b> {@link StoreException}, thrown or by the stage; its reason tells whether the
 * outcome is unknown. A store whose disk refuses to synchronise ends the process instead: nothing
 * that was acknowledged may be in doubt.
 */
@ConsumerType
public interface TaskStore extends AutoCloseable {

    /**
     * Opens the store: takes its lock, checks its version, migrates it, and settles what a process
     * left behind that died. Once, before anything else; may take seconds.
     *
     * @param options where and for whom
     * @return what was found and done
     * @throws StoreException if it is locked by another process, newer than this code, damaged, or
     *     cannot be read or written
     */
    OpenReport open(OpenOptions options);

    /**
     * The domains kept, deleted ones left out.
     *
     * @return a snapshot, ordered by id
     */
    List<DomainRecord> domains();

    /**
     * The schedules of a domain.
     *
     * @param domain the domain
     * @return a snapshot, ordered by name
     */
    List<ScheduleRecord> schedules(DomainId domain);

    /**
     * Makes a host the owner of a domain: its epoch grows by one, so appends under any earlier
     * lease are refused from now on. Tasks that an earlier owner had running are settled first:
     * CANCELLING ones become CANCELLED, the others do what their crash policy says. At each start
     * of a domain; also the first step of its creation, which fixes its incarnation.
     *
     * @param domain the domain; need not exist yet
     * @param host who takes it
     * @param validFor how long the lease holds unless it is renewed by acquiring again; a store
     *     that one process owns may answer a lease that never ends
     * @return the lease
     * @throws StoreException with {@link StoreException.Reason#FENCED} while another host holds it
     */
    Lease acquire(DomainId domain, HostRef host, Duration validFor);

    /**
     * Remembers what happened to tasks that were admitted before, to schedules or to the domain.
     * All events of a call hold, or none; a refused call does not touch calls it happened to be
     * committed with. Calls take effect in the order in which they were made. Never refused for
     * want of room.
     *
     * @param lease proof of ownership of the domain all events belong to
     * @param events what happened, in order; not empty, without {@link TaskEvent.Submitted}
     * @return completes when the events are durable; exceptionally with a {@link StoreException}
     */
    CompletionStage<Ack> append(Lease lease, List<StoreEvent> events);

    /**
     * Remembers newly admitted tasks, and what belongs to them in one commit. As the other form,
     * with room reserved before.
     *
     * @param lease proof of ownership of the domain all events belong to
     * @param events what happened, in order; not empty
     * @param room large enough for all submitted tasks; used up by this call, however it ends
     * @return completes when the events are durable; exceptionally with a {@link StoreException}
     */
    CompletionStage<Ack> append(Lease lease, List<StoreEvent> events, Reservation room);

    /**
     * Promises room in the store's queue and on its disk, so that an admission cannot fail for want
     * of it. At each admission.
     *
     * @param domain the domain
     * @param tasks number of tasks; positive
     * @param bytes their payloads and texts together; not negative
     * @return the promise; to be used by an append or closed
     * @throws StoreException with {@link StoreException.Reason#OVERLOADED}, {@link
     *     StoreException.Reason#DISK_FULL} or {@link StoreException.Reason#READ_ONLY}
     */
    Reservation reserve(DomainId domain, int tasks, long bytes);

    /**
     * Looks up an idempotency key. At each admission with a key, before any other check. A key is
     * kept for 24 hours at least, and as long as its task is not finished.
     *
     * @param domain the domain
     * @param key the client's key
     * @return what was admitted under it; empty: nothing
     */
    Optional<Known> known(DomainId domain, String key);

    /**
     * The most urgent stored tasks that are READY, without their payloads.
     *
     * @param domain the domain
     * @param after where the last page ended; {@link RankCursor#START} for the first
     * @param limit most entries; positive
     * @return in order of rank, then of admission
     */
    List<QueuedRef> head(DomainId domain, RankCursor after, int limit);

    /**
     * The tasks of a domain that wait for an instant (SCHEDULED or RETRY_WAIT), earliest first.
     *
     * @param domain the domain
     * @param limit most entries; positive
     * @return with their {@link QueuedRef#readyAt()}
     */
    List<QueuedRef> due(DomainId domain, int limit);

    /**
     * The tasks that still wait for a task, in any domain.
     *
     * @param task the task waited for
     * @return a snapshot
     */
    List<TaskId> dependants(TaskId task);

    /**
     * Reads one task, payload and result included, and checks that it is undamaged.
     *
     * @param task its id
     * @return the task; empty: unknown, or purged
     * @throws StoreException with {@link StoreException.Reason#DAMAGED} if its check sum is wrong
     */
    Optional<TaskRecord> load(TaskId task);

    /**
     * Reads many tasks at one moment, as {@link #load(TaskId)} does. When a queue is filled up from
     * the store, and at a start.
     *
     * @param tasks their ids; 1000 at most
     * @return those that are known and undamaged, in the order asked for; for the others {@link
     *     #load(TaskId)} tells why
     */
    List<TaskRecord> loadAll(List<TaskId> tasks);

    /**
     * The unfinished tasks of a domain that are not READY: they wait for an instant or for others,
     * are suspended, or run. At a start.
     *
     * @param domain the domain
     * @param afterSeq {@link QueuedRef#seq()} of the last task seen; 0: from the first
     * @param limit most entries; positive
     * @return in order of admission
     */
    List<QueuedRef> held(DomainId domain, long afterSeq, int limit);

    /**
     * The unfinished tasks of a domain whose deadline was not yet counted as missed, earliest
     * deadline first.
     *
     * @param domain the domain
     * @param limit most entries; positive
     * @return with their {@link QueuedRef#deadline()}
     */
    List<QueuedRef> deadlines(DomainId domain, int limit);

    /**
     * How many unfinished tasks are stored of a domain.
     *
     * @param domain the domain
     * @return exact numbers, only of phases that occur
     */
    Map<TaskPhase, Long> unfinished(DomainId domain);

    /**
     * Reads tasks in an order, a part at a time.
     *
     * @param domain the domain
     * @param range which ones
     * @return the first or last ones of the range
     * @throws StoreException with {@link StoreException.Reason#TIMEOUT} if the filter leaves too
     *     much to be looked through
     */
    TaskSlice query(DomainId domain, TaskRange range);

    /**
     * Stored tasks that meet a filter.
     *
     * @param domain the domain
     * @param filter conditions; its own limit is not used
     * @return the number; empty: more than 10 000, and not counted further, or so few among so many
     *     that counting takes too long
     */
    OptionalLong count(DomainId domain, TaskFilter filter);

    /**
     * The attempts of a task that tell more than the task itself does: those after the first one,
     * those that did not end well, and those that logged. An only attempt that runs, or ended well,
     * without a line is left out. Of the lines of an attempt the newest {@value
     * TaskAttempt#MAX_LOG_LINES} are kept; {@link TaskAttempt#linesDropped()} counts the others.
     *
     * @param task its id
     * @return in order of their numbers; empty: none, or the task is unknown
     */
    List<TaskAttempt> attempts(TaskId task);

    /**
     * The configurations of a domain, newest first.
     *
     * @param domain the domain
     * @param before only revisions below this number; {@link Long#MAX_VALUE} for the newest
     * @param limit most entries; positive
     * @return a snapshot; the one in force is among them
     */
    List<StoredRevision> revisions(DomainId domain, long before, int limit);

    /**
     * What changed in a domain since a point: each task once, in its newest state, and the tasks
     * that were purged.
     *
     * @param domain the domain
     * @param after the point; from {@link TaskSlice#asOf()} or an earlier answer
     * @param limit most changes; positive
     * @return the changes, oldest first; or that the point is too far back, or of another
     *     incarnation
     */
    ChangePage changes(DomainId domain, ChangeCursor after, int limit);

    /**
     * Removes finished tasks that are past their time. Called again and again while the host is not
     * busy.
     *
     * @param domain the domain
     * @param retention what may go
     * @param budget where to stop in this call
     * @return tasks removed; fewer than the budget allows: nothing is left to remove for now
     */
    long prune(DomainId domain, Retention retention, PruneBudget budget);

    /**
     * Keeps measurements of a domain as well as it can: later blocks take the place of earlier ones
     * of the same name, and under load blocks may be left out. Never waits, never delays what is
     * appended, throws nothing for want of room. Every minute.
     *
     * @param domain the domain
     * @param samples blocks; may be empty
     */
    default void saveSamples(DomainId domain, List<StoredSamples> samples) {}

    /**
     * The measurements kept of a domain. At its start.
     *
     * @param domain the domain
     * @param resolution time between two samples
     * @return oldest first; empty: none are kept, which is also the answer of a store that keeps no
     *     measurements
     */
    default List<StoredSamples> samples(DomainId domain, Duration resolution) {
        return List.of();
    }

    /**
     * Copies the store while it works, and checks the copy. On request.
     *
     * @param file the copy; must not exist, its folder must
     * @return what was written
     * @throws StoreException if the copy could not be made or is damaged; the file is removed then.
     *     With {@link StoreException.Reason#NOT_SUPPORTED} from a store in memory
     */
    BackupReport backup(Path file);

    /**
     * How the store is. Any thread, on every health request; does not wait for the disk.
     *
     * @return a snapshot
     */
    StoreHealth health();

    /** Writes what was handed over, and closes the store. Twice does nothing. May take seconds. */
    @Override
    void close();
}
