// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.log.LogFilter;
import org.spicetime.runtime.api.log.LogRecord;
import org.spicetime.runtime.api.log.Logs;
import org.spicetime.runtime.graphql.stream.EventSource;

/** Log records as they are written. Thread-safe. */
final class LogSource implements EventSource {
    private final Logs logs;
    private final LogFilter filter;

    /** Records that fell out before they came here, and are not told yet. */
    private final AtomicLong lost = new AtomicLong();

    private LogSource(Logs logs, LogFilter filter) {
        this.logs = logs;
        this.filter = filter;
    }

    static LogSource of(Services services, Call call) {
        LogFilter filter =
                LogFields.filter(call)
                        .orElseThrow(() ->
                                RefusedException.badInput(
                                        "filter",
                                        "no record can match it: no domain or task has such an"
                                                + " id"));
        return new LogSource(services.requireLogs(), filter);
    }

    @Override
    public Watch open(Listener listener) {
        return logs.watch(
                filter,
                (record, skipped) -> {
                    lost.addAndGet(skipped);
                    listener.next(record);
                });
    }

    @Override
    public @Nullable Object event(Object value) {
        return null; // each reader has skipped records of its own
    }

    @Override
    public Object sent(Object value, long skipped) {
        long before = lost.getAndSet(0) + skipped;
        return new LogFields.Line((LogRecord) value, (int) Math.min(before, Integer.MAX_VALUE));
    }

    @Override
    public Kind kind() {
        return Kind.EVENTS;
    }
}
