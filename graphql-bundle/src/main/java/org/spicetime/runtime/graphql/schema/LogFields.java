// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.log.LogFilter;
import org.spicetime.runtime.api.log.LogRecord;
import org.spicetime.runtime.api.security.Role;

/** The log of the host and the levels of its loggers. */
final class LogFields {
    private static final int MOST = 1000;

    private LogFields() {}

    /** A record as one reader gets it. Immutable. */
    record Line(LogRecord record, int skipped) {}

    static Fields<Line> type() {
        return Fields.of("LogRecord", Line.class)
                .leaf("timestamp", l -> l.record().timestamp())
                .leaf("level", l -> l.record().level())
                .leaf("logger", l -> l.record().logger())
                .leaf("message", l -> l.record().message())
                .leaf("event", l -> l.record().event())
                .leaf("domainId", l -> domain(l.record()))
                .leaf("taskId", l -> task(l.record()))
                .leaf("bundle", l -> l.record().bundle())
                .objects("stackTrace", (l, call) -> stackTrace(l.record(), call))
                .leaf("skipped", Line::skipped);
    }

    private static @Nullable String domain(LogRecord record) {
        DomainId domain = record.domain();
        return domain == null ? null : domain.value();
    }

    private static @Nullable String task(LogRecord record) {
        TaskId task = record.task();
        return task == null ? null : task.toString();
    }

    // Shows the insides of handlers, as Task.stack; a record without one withholds nothing.
    private static @Nullable String stackTrace(LogRecord record, Call call) {
        String trace = record.stackTrace();
        if (trace != null) RootFields.allow(call, Role.ADMIN, "LogRecord.stackTrace");
        return trace;
    }

    /** The records that a caller asks for. */
    static List<Line> newest(Services services, Call call) {
        int first = DomainFields.first(call, MOST);
        Optional<LogFilter> filter = filter(call);
        if (filter.isEmpty()) return List.of();
        return services.requireLogs().newest(filter.get(), first).stream()
                .map(record -> new Line(record, 0))
                .toList();
    }

    static CompletionStage<LogLevel> setLevel(Services services, Call call) {
        Object level = call.optional("level");
        return CompletableFuture.completedFuture(
                services.requireLogs()
                        .setLevel(
                                call.text("logger"),
                                level == null ? null : LogLevel.valueOf(level.toString())));
    }

    /** Empty: no record can match. */
    static Optional<LogFilter> filter(Call call) {
        if (call.optional("filter") == null) return Optional.of(LogFilter.ANY);
        Input given = call.input("filter");
        String domain = given.text("domainId");
        String task = given.text("taskId");
        DomainId domainId = domain == null ? null : Services.domainId(domain);
        TaskId taskId = task == null ? null : Services.taskId(task);
        if ((domain != null && domainId == null) || (task != null && taskId == null)) {
            return Optional.empty();
        }
        return Optional.of(
                new LogFilter(
                        given.choice("level", LogLevel.class),
                        bounded(given, "logger"),
                        domainId,
                        taskId,
                        bounded(given, "contains")));
    }

    private static @Nullable String bounded(Input given, String name) {
        String text = given.text(name);
        if (text != null && text.length() > LogFilter.MAX_TEXT) {
            throw RefusedException.outOfRange(
                    "filter." + name,
                    text.length() + " characters",
                    "0 .. " + LogFilter.MAX_TEXT + " characters");
        }
        return text;
    }
}
