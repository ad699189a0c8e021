// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long finished tasks of a domain are kept. A task goes as soon as one of the limits says so;
 * the oldest go first.
 *
 * <p>Immutable.
 *
 * @param completedFor age, since its end, after which a completed task may go; null: no limit
 * @param failedFor age, since its end, after which a failed, timed out or cancelled task may go;
 *     null: no limit
 * @param maxTasks most finished tasks kept; empty: no limit
 * @param maxBytes most bytes of finished tasks kept; empty: no limit
 */
public record Retention(
        @Nullable Duration completedFor,
        @Nullable Duration failedFor,
        OptionalLong maxTasks,
        OptionalLong maxBytes) {

    /**
     * Checks the signs.
     *
     * @throws IllegalArgumentException if a limit is negative
     */
    public Retention {
        notNegative("retention of completed tasks", completedFor);
        notNegative("retention of failed tasks", failedFor);
        maxTasks.ifPresent(tasks -> Check.notNegative("most finished tasks", tasks));
        maxBytes.ifPresent(bytes -> Check.notNegative("most finished bytes", bytes));
    }

    private static void notNegative(String what, @Nullable Duration span) {
        if (span != null && span.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, was " + span);
        }
    }
}
