// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.BackoffStrategy;
import org.spicetime.runtime.api.task.TaskRetry;

/** Delays between attempts as a short text. Thread-safe. */
final class Retries {

    private static final int PARTS = 5;

    /* What null stands for in every store there is: not the default of the code. */
    private static final TaskRetry USUAL =
            new TaskRetry(
                    BackoffStrategy.EXPONENTIAL,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    2.0,
                    0.2);

    private Retries() {}

    static @Nullable String text(TaskRetry retry) {
        return retry.equals(USUAL)
                ? null
                : retry.backoff()
                        + " "
                        + Micros.of(retry.initialDelay())
                        + " "
                        + Micros.of(retry.maxDelay())
                        + " "
                        + retry.multiplier()
                        + " "
                        + retry.jitter();
    }

    static TaskRetry of(@Nullable String text) {
        if (text == null) {
            return USUAL;
        }
        String[] parts = text.split(" ", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("delays have 5 parts, had " + parts.length);
        }
        return new TaskRetry(
                BackoffStrategy.valueOf(parts[0]),
                Micros.span(Long.parseLong(parts[1])),
                Micros.span(Long.parseLong(parts[2])),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]));
    }
}
