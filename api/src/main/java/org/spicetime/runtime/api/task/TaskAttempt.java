// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.task;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.error.RuntimeError;

/**
 * One try to run a task. Immutable.
 *
 * @param number from 1; goes on counting after a retry by an operator
 * @param startedAt when it began
 * @param finishedAt when it ended; null while it runs
 * @param outcome how it ended; null while it runs
 * @param error why it did not end well; null otherwise
 * @param host the host it ran on
 * @param log lines the handler logged, oldest first
 * @param linesDropped lines left out because there were more than the host keeps
 */
public record TaskAttempt(
        int number,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable AttemptOutcome outcome,
        @Nullable RuntimeError error,
        HostRef host,
        List<TaskLogLine> log,
        long linesDropped) {
    /** Most lines of an attempt that are kept, the newest ones. */
    public static final int MAX_LOG_LINES = 1000;

    public TaskAttempt {
        if (number < 1)
            throw new IllegalArgumentException("number must be 1 or more, was " + number);
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(host, "host");
        log = List.copyOf(log);
    }
}
