// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Payload;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.network.NetworkClient;

/**
 * What one attempt of a task may use. Valid from the call of the handler until its return, for the
 * calling thread only (identity, {@link #cancelled()}, {@link #log} and {@link #network()} from any
 * thread).
 */
@ProviderType
public interface TaskContext {
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
     * Epoch of the domain's owner; with task and attempt it is the token that makes outside effects
     * idempotent.
     *
     * @return 1 or more
     */
    long epoch();

    /**
     * Key the client gave the task, if any.
     *
     * @return the key; empty: none was given
     */
    Optional<String> idempotencyKey();

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
     * call it while holding a lock that other tasks of the domain wait for.
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
