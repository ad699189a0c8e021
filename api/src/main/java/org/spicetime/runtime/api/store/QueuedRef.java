// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * A stored task as far as its turn is concerned: small, so that many fit into memory.
 *
 * <p>Immutable.
 *
 * @param task the task
 * @param seq order of admission in this store
 * @param rank key of the domain's policy when it was last written; smaller is more urgent
 * @param readyAt when its time or its delay is over; null: it waits for neither
 * @param deadline absolute deadline; null: none
 * @param handler name of its handler
 * @param payloadBytes size of its payload; not negative
 */
public record QueuedRef(
        TaskId task,
        long seq,
        long rank,
        @Nullable Instant readyAt,
        @Nullable Instant deadline,
        String handler,
        long payloadBytes) {

    /**
     * Checks handler and size.
     *
     * @throws IllegalArgumentException if the handler is blank or the size negative
     */
    public QueuedRef {
        Check.notBlank("handler", handler);
        Check.notNegative("payload bytes", payloadBytes);
    }

    /**
     * The cursor that continues after this task.
     *
     * @return rank and admission
     */
    public RankCursor cursor() {
        return new RankCursor(rank, seq);
    }
}
