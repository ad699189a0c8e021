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
    /** This run of this host. */
    HostRef host();

    /** The domain of this id, if there is one. */
    Optional<Domain> find(DomainId id);

    /** All domains, ordered by id. */
    List<Domain> all();

    /** The task of this id in any domain, if it is known. */
    Optional<Task> findTask(TaskId id);

    /** Creates a domain and, unless told otherwise, starts it. An id in use is CONFLICT. */
    CompletionStage<Domain> create(DomainSpec spec);

    /**
     * Removes a domain. With unfinished tasks it is CONFLICT unless forced.
     *
     * @return the number of tasks that were cancelled
     */
    CompletionStage<Integer> delete(DomainId id, boolean force);

    /** Health of the whole host. */
    SystemHealth health();
}
