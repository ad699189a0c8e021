// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPageRequest;

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
     * @param who asks for it
     * @return the domain, running if it was to be started; refused with BAD_USER_INPUT, CONFLICT or
     *     RESOURCE_EXHAUSTED
     */
    CompletionStage<Domain> create(DomainSpec spec, ChangedBy who);

    /**
     * Creates a domain in the name of the host.
     *
     * @param spec the domain
     * @return as {@link #create(DomainSpec, ChangedBy)}
     */
    default CompletionStage<Domain> create(DomainSpec spec) {
        return create(spec, ChangedBy.HOST);
    }

    /**
     * Removes a domain. With unfinished tasks it is CONFLICT unless forced.
     *
     * @param id the domain
     * @param force cancel what has not finished
     * @param who asks for it
     * @return the number of tasks that were cancelled
     */
    CompletionStage<Integer> delete(DomainId id, boolean force, ChangedBy who);

    /**
     * Removes a domain in the name of the host.
     *
     * @param id the domain
     * @param force cancel what has not finished
     * @return as {@link #delete(DomainId, boolean, ChangedBy)}
     */
    default CompletionStage<Integer> delete(DomainId id, boolean force) {
        return delete(id, force, ChangedBy.HOST);
    }

    /**
     * Health of the whole host.
     *
     * @return a snapshot
     */
    SystemHealth health();

    /**
     * Copies the store while it works, into the folder {@code backup} of the instance directory,
     * and checks the copy. One backup at a time.
     *
     * @param who asks for it
     * @return what was written; refused with CONFLICT while another backup is made, and with
     *     NOT_AVAILABLE if the store keeps nothing on disk
     */
    CompletionStage<BackupReport> backupStore(ChangedBy who);

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

    /**
     * A page of the tasks of all domains, merged by the order; each domain is read at an instant of
     * its own, so the page has no {@code asOf}. Under SCHEDULE one domain comes after the other, by
     * id.
     *
     * @param request which page
     * @return the page; see {@link TaskOperations#page}
     */
    TaskPage page(TaskPageRequest request);

    /**
     * Tells which domains come and go.
     *
     * @param listener told of each domain there is, then of each change
     * @return ends the observation when closed
     */
    Watch watch(DomainsListener listener);

    /**
     * Tells each failure of any domain as it happens; see {@link Domain#watchErrors}.
     *
     * @param listener told of each failure from now on, those of later domains included
     * @return ends the observation when closed
     */
    Watch watchErrors(Consumer<? super RuntimeError> listener);

    /**
     * Tells the health of the host at once and whenever that of a component changes, on a host
     * thread. The listener must return quickly; a slow one gets the newest.
     *
     * @param listener told of the health
     * @return ends the observation when closed
     */
    Watch watchHealth(Consumer<? super SystemHealth> listener);
}
