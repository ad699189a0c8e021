// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.task.AttemptOutcome;
import org.spicetime.runtime.api.task.TaskAttempt;

/**
 * An attempt that is told by more than the state of its task: a further one, one that did not end
 * well, or one that logged. Guarded by the domain's guard.
 */
final class AttemptRecord {

    final int number;
    final Instant startedAt;
    @Nullable Instant finishedAt;
    @Nullable AttemptOutcome outcome;
    @Nullable RuntimeError error;
    TaskLogs.@Nullable AttemptLog log;

    AttemptRecord(int number, Instant startedAt) {
        this.number = number;
        this.startedAt = startedAt;
    }

    void forget() {
        if (log != null) {
            log.forget();
        }
    }

    TaskAttempt told(HostRef host) {
        return new TaskAttempt(
                number,
                startedAt,
                finishedAt,
                outcome,
                error,
                host,
                log == null ? List.of() : log.lines(),
                log == null ? 0 : log.dropped());
    }
}
