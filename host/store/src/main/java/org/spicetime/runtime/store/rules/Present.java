// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.rules;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.DomainRecord;
import org.spicetime.runtime.api.store.ScheduleRecord;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.task.TaskAttempt;

/**
 * What is stored of a domain while events are applied to it. Implemented by stores; called by one
 * thread at a time.
 */
public interface Present {

    /**
     * The domain.
     *
     * @return null: it was never saved
     */
    @Nullable DomainRecord record();

    /**
     * Who holds the domain, or held it until now.
     *
     * @return the host that present attempts run on
     */
    HostRef holder();

    /**
     * Whether any domain has a task.
     *
     * @param task its id
     * @return whether it was admitted, and not purged
     */
    boolean exists(TaskId task);

    /**
     * A task of this domain.
     *
     * @param task its id
     * @return as it is stored; null: unknown here
     */
    @Nullable TaskRecord task(TaskId task);

    /**
     * What is kept of an attempt.
     *
     * @param task the task
     * @param number of the attempt
     * @return as it is stored, its lines may be left out; null: nothing
     */
    @Nullable TaskAttempt attempt(TaskDraft task, int number);

    /**
     * Whether an idempotency key is taken.
     *
     * @param key the key
     * @return whether it is still valid
     */
    boolean isKnown(String key);

    /**
     * A schedule.
     *
     * @param id its id
     * @return as it is stored; null: unknown
     */
    @Nullable ScheduleRecord schedule(UUID id);

    /**
     * A schedule.
     *
     * @param name its name
     * @return its id; null: unknown
     */
    @Nullable UUID scheduleNamed(String name);

    /**
     * The place of the next task in the order of admission.
     *
     * @return larger than all before
     */
    long nextSeq();

    /**
     * The present.
     *
     * @return UTC
     */
    Instant now();
}
