// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.alert.Alerts;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.log.Logs;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.graphql.stream.Ticks;

/** The services behind the schema, and how ids of clients are looked up in them. Immutable. */
public record Services(
        Domains domains,
        Catalogue catalogue,
        Bundles bundles,
        Alerts alerts,
        Supplier<? extends @Nullable Logs> logs,
        Ticks ticks) {

    /** The log; the host serves all else without it. */
    Logs requireLogs() {
        Logs present = logs.get();
        if (present == null) {
            throw RefusedException.conflict(
                    "the host keeps no log in memory now: the bundle that does is not there");
        }
        return present;
    }

    Optional<Domain> findDomain(String id) {
        DomainId domain = domainId(id);
        return domain == null ? Optional.empty() : domains.find(domain);
    }

    Domain domain(String id) {
        return findDomain(id)
                .orElseThrow(() -> RefusedException.notFound("domain", PayloadJson.excerpt(id)));
    }

    /** The domain, in the hands of the caller: what it changes there is on record as its own. */
    Domain domain(String id, Call call) {
        return domain(id).by(changedBy(call));
    }

    static ChangedBy changedBy(Call call) {
        return new ChangedBy(call.caller().name(), ConfigSource.API);
    }

    Optional<Task> findTask(String id) {
        TaskId task = taskId(id);
        return task == null ? Optional.empty() : domains.findTask(task);
    }

    Task task(String id) {
        return findTask(id)
                .orElseThrow(() -> RefusedException.notFound("task", PayloadJson.excerpt(id)));
    }

    /** The domain a task runs in. */
    Domain domainOf(Task task, Call call) {
        return domainOf(task).by(changedBy(call));
    }

    /** The domain a task runs in. */
    Domain domainOf(Task task) {
        return domains.find(task.domain())
                .orElseThrow(() -> RefusedException.notFound("domain", task.domain()));
    }

    /** Null when no domain can have this id. */
    static @Nullable DomainId domainId(String text) {
        try {
            return DomainId.of(text);
        } catch (IllegalArgumentException notAnId) {
            return null;
        }
    }

    /** Null when no task can have this id. */
    static @Nullable TaskId taskId(String text) {
        try {
            return TaskId.parse(text);
        } catch (IllegalArgumentException notAnId) {
            return null;
        }
    }
}
