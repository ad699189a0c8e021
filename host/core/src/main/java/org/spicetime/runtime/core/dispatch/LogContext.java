// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.Optional;
import org.slf4j.MDC;
import org.spicetime.runtime.api.TaskId;

/**
 * Whom the log records of a worker's thread are about, as SLF4J keeps it (MDC). The names of the
 * keys are known to the log of the host and to whoever writes a pattern for it.
 */
final class LogContext {
    private static final String DOMAIN = "domain";
    private static final String TASK = "task";
    private static final String TRACE_ID = "trace_id";

    private LogContext() {}

    /** The domain from now on, and nothing of what ran before. */
    static void of(String domain) {
        MDC.clear();
        MDC.put(DOMAIN, domain);
    }

    /**
     * A task of the domain from now on.
     *
     * @param traceId of its request, if that belonged to a trace
     */
    static void enter(TaskId task, Optional<String> traceId) {
        MDC.put(TASK, task.toString());
        traceId.ifPresent(id -> MDC.put(TRACE_ID, id));
    }
}
