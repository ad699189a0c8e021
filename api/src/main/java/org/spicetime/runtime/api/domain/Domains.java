// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.Task;

/** The domains of this host: the Java face of what clients do over GraphQL. Thread-safe. */
@ProviderType
public interface Domains {
    /**
     * This run of this host.
     *
     * @return the host and the incarnation of its process
     */
    HostRef host();

    /**
     * The domain of this id, if there is one.
     *
     * @param id the id
     * @return the domain; empty: unknown
     */
    Optional<Domain> find(DomainId id);

    /**
     * All domains, ordered by id.
     *
     * @return the domains of this instant
     */
    List<Domain> all();

    /**
     * The task of this id in any domain, if it is known.
     *
     * @param id the id
     * @return a snapshot; empty: unknown, or purged
     */
    Optional<Task> findTask(TaskId id);

    /**
     * Creates a domain and, unless told otherwise, starts it. An id in use is CONFLICT.
     *
     * @param spec the domain
     * @return the domain, running if it was to be started; refused with BAD_USER_INPUT, CONFLICT or
     *     RESOURCE_EXHAUSTED
     */
    CompletionStage<Domain> create(DomainSpec spec);

    /**
     * Removes a domain. With unfinished tasks it is CONFLICT unless forced.
     *
     * @param id the domain
     * @param force cancel what has not finished
     * @return the number of tasks that were cancelled
     */
    CompletionStage<Integer> delete(DomainId id, boolean force);

    /**
     * Health of the whole host.
     *
     * @return a snapshot
     */
    SystemHealth health();

    /**
     * The machine and the Java runtime.
     *
     * @return what is known of them
     */
    HostFacts hostFacts();

    /**
     * Measurements of the machine and of this process, at most about a second old; answers from
     * memory.
     *
     * @return the newest; what is unknown is absent
     */
    HostMetrics hostMetrics();
}
