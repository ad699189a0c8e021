// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.domain.LeakAction;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.handle.Leak;
import org.spicetime.runtime.kernel.task.Outcome;

/** What follows when a handler has returned and left handles open. Thread-safe. */
final class Leaks {

    private static final Logger LOG = LoggerFactory.getLogger(Leaks.class);

    private Leaks() {}

    /**
     * The outcome of an attempt that left handles open: as the domain is configured. Who was asked
     * to end had no time to close anything.
     */
    static Outcome judge(Attempt attempt, Outcome outcome, Leak leak) {
        LeakAction action = attempt.surroundings().pool().handles().onTaskEnd();
        if (action == LeakAction.RECLAIM || attempt.stop() != null) {
            return outcome;
        }
        String message = leak.message();
        LOG.warn(
                "domain={} task={} handler={} attempt={}: {}",
                attempt.domain(),
                attempt.task(),
                attempt.entry.handler(),
                attempt.number,
                message);
        attempt.log(LogLevel.WARN, message);
        return action == LeakAction.FAIL_TASK && outcome instanceof Outcome.Succeeded
                ? Failures.failed(
                        RuntimeErrorCode.SCHEDULER_ERROR,
                        message,
                        Map.of(
                                "reason",
                                "MEMORY_LEAK",
                                "handles",
                                leak.handles(),
                                "bytes",
                                leak.bytes(),
                                "sites",
                                leak.sites()))
                : outcome;
    }
}
