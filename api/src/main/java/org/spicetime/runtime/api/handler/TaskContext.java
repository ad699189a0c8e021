// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.memory.TaskMemory;
import org.spicetime.runtime.api.network.NetworkClient;

/**
 * What one attempt of a task may use. Valid from the call of the handler until its return, for the
 * calling thread only (identity, {@link #cancelled()}, {@link #log} and {@link #network()} from any
 * thread).
 */
@ProviderType
public interface TaskContext {
    /** Longest name of a lock. */
    int MAX_LOCK_NAME = 128;

    /** Most locks that a task holds at a time. */
    int MAX_LOCKS = 64;

    /**
     * The task.
     *
     * @return the id
     */
    TaskId task();

    /**
     * Its domain.
     *
     * @return the id
     */
    DomainId domain();

    /**
     * Number of this attempt, from 1.
     *
     * @return 1 or more
     */
    int attempt();

    /**
     * Epoch of the domain's owner. Incarnation, epoch and attempt are the token by which an outside
     * system tells the present attempt from earlier ones: epoch, then attempt, only grow within an
     * incarnation.
     *
     * @return 1 or more
     */
    long epoch();

    /**
     * Incarnation of the domain: another one once the domain was created anew, or restored from a
     * backup. Tokens of another incarnation cannot be compared with the present ones.
     *
     * @return its id
     */
    UUID incarnation();

    /**
     * Key the client gave the task, if any.
     *
     * @return the key; empty: none was given
     */
    Optional<String> idempotencyKey();

    /**
     * W3C trace id of the request that scheduled the task, for calls to other systems and for log
     * lines. Releases of a schedule have none, except a first one that the request itself made.
     *
     * @return 32 lower-case hexadecimal digits; empty: the request belonged to no trace
     */
    Optional<String> traceId();

    /**
     * Results of the tasks this one waited for by DATA, by their ids; a task that returned nothing
     * is left out.
     *
     * @return an immutable map
     */
    Map<TaskId, Payload> inputs();

    /**
     * Memory of the domain's pool, for any code that takes an {@link Arena}. Segments belong to the
     * calling thread and are reclaimed when the handler returns; {@link Arena#close()} is refused.
     * Without room an allocation throws {@link org.spicetime.runtime.api.error.RefusedException}
     * with RESOURCE_EXHAUSTED or MEMORY_PRESSURE.
     *
     * @return the same arena at every call of one attempt
     */
    Arena arena();

    /**
     * Memory of the domain's pool in other forms: given back before the handler returns, handed
     * from thread to thread, shared between tasks, or movable.
     *
     * @return the same object at every call of one attempt
     */
    TaskMemory memory();

    /**
     * The pool of the domain, as it is now.
     *
     * @return a snapshot
     */
    MemoryMetrics poolMetrics();

    /**
     * Runs a collection of the domain's pool now and tells what it did.
     *
     * @param compact also move live blocks together
     * @return what was done
     */
    CollectionReport collectPool(boolean compact);

    /**
     * The network, within the domain's limits.
     *
     * @return the client
     */
    NetworkClient network();

    /**
     * A safe point: the task can be stopped here without harm, and gives way here to another task
     * when its quantum is used up or a more urgent task waits. It goes on, on the same thread, when
     * its turn comes again. Cheap while nothing is asked (two reads): meant for inner loops. Do not
     * call it while holding a monitor or a lock of the JDK that other tasks of the domain wait for;
     * the locks of {@link #lock} are made for it.
     *
     * @throws TaskCancelledException if the task is to end
     */
    void checkpoint();

    /**
     * Runs a call that waits for something outside the domain (a file, a device, a database driver,
     * a queue) without a slot: another task of the domain runs meanwhile. The call runs on the
     * calling thread, at once and to its end; afterwards the thread waits until the task has a slot
     * again, in turn with the other ready tasks. The task shows as waiting for I/O meanwhile. Pays
     * for calls that wait for longer than about 100 us; what waits unannounced loses its slot after
     * some milliseconds too. Calls nest, the inner ones are plain calls then. The host's own waits
     * (memory, network, locks of the domain) need no such wrapper.
     *
     * <p>When the task is asked to end, its thread is interrupted, as everywhere in a handler, and
     * goes on without a slot; what the call has answered is returned all the same, and the next
     * {@link #checkpoint()} tells. Do not compute in the call: it runs beside the tasks that have
     * slots.
     *
     * @param call what waits
     * @param <T> what it answers
     * @return the answer of the call
     * @throws TaskCancelledException if the task is to end already, before the call
     * @throws Exception what the call throws
     */
    <T extends @Nullable Object> T blocking(Callable<T> call) throws Exception;

    /**
     * Takes a lock that all tasks of the domain share, by its name; waits until it is free. While
     * it waits the task has no slot: others run. Of those that wait the most urgent one gets the
     * lock. The domain's protocol ({@code scheduler.priorities.protocol}) keeps less urgent tasks
     * from delaying more urgent ones through the lock: under INHERITANCE the holder is as urgent as
     * the most urgent of those it keeps waiting (L. Sha, R. Rajkumar, J. Lehoczky, <i>Priority
     * Inheritance Protocols</i>, IEEE Transactions on Computers 39(9), 1990), under CEILING at
     * least as urgent as the lock's ceiling from the first instant on.
     *
     * <p>The owner is the task. It may take a lock again that it holds, and give locks back in any
     * order. What it still holds when the handler returns is given back by the host; what a handler
     * holds that does not return although it was asked to stays locked until its thread has ended,
     * and tasks that want it are refused.
     *
     * @param name 1 to {@value #MAX_LOCK_NAME} letters, digits, dots, dashes, underscores, colons
     *     and slashes; free to choose, case counts
     * @return the lock, to be closed
     * @throws TaskCancelledException if the task is to end; it does not hold the lock then
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws org.spicetime.runtime.api.error.RefusedException BAD_USER_INPUT for a name that is
     *     none; RESOURCE_EXHAUSTED if the task holds {@value #MAX_LOCKS} locks; SCHEDULER_ERROR
     *     with {@code reason: DEADLOCK} and the {@code cycle} if it would wait for itself, {@code
     *     CEILING} if the protocol is CEILING and the task is more urgent than the ceiling or its
     *     handler has not declared the lock, {@code LOCK_LOST} if the holder did not return
     * @throws IllegalStateException on a thread that is not the handler's, or inside of {@link
     *     #blocking}
     */
    HeldLock lock(String name) throws InterruptedException;

    /**
     * As {@link #lock}, but waits for a limited time.
     *
     * @param name of the lock
     * @param atMost how long; zero or less: not at all
     * @return the lock, to be closed; empty: it was not free in time
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<HeldLock> tryLock(String name, Duration atMost) throws InterruptedException;

    /**
     * Whether the task is to end.
     *
     * @return true once a cancellation, a time-out or a stop of the domain was asked for
     */
    boolean cancelled();

    /**
     * Tells clients how far the work is, 0.0 to 1.0.
     *
     * @param ratio clamped to its range; NaN is ignored
     */
    void progress(double ratio);

    /**
     * Writes a line to the log of this attempt, which clients read with the task. A longer one is
     * cut; of more than 1000 the newest are kept. From any thread until the handler has returned,
     * later lines are ignored.
     *
     * @param level how serious
     * @param message the text, up to 4096 characters, without secrets
     */
    void log(LogLevel level, String message);
}
