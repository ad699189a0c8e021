// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.handler;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Does the work of a kind of task. Registered as an OSGi service, or provided by a plain module: a
 * public class with a public no-argument constructor. Thread-safe: called by as many workers at a
 * time as there are running tasks.
 *
 * <p>A call may take as long as the task may. It should call {@link TaskContext#checkpoint()} in
 * long loops, and let {@link TaskCancelledException} and {@link InterruptedException} pass. Any
 * other exception fails the attempt; its message reaches the client, its stack trace the log.
 *
 * @param <P> the payload, a record whose components are described by {@link PayloadField}; JSON is
 *     bound to it, missing members get the default of the annotation
 * @param <R> the result, a record; written as JSON, at most 256 KiB
 */
@ConsumerType
public interface TaskHandler<P extends Record, R extends Record> {
    /**
     * What this handler is; constant and cheap.
     *
     * @return the same value at every call
     */
    HandlerDescriptor<P, R> descriptor();

    /**
     * Runs one attempt on the calling thread.
     *
     * @param payload the bound argument; the record has checked itself
     * @param context the attempt's surroundings; not to be used after the return, nor by another
     *     thread
     * @return what the client is answered
     * @throws Exception if the attempt failed
     */
    R run(P payload, TaskContext context) throws Exception;
}
