// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.log.LogFilter;
import org.spicetime.runtime.api.log.LogRecord;
import org.spicetime.runtime.api.log.Logs;

/** A log in a test's hands, with a record that tells all and one that tells little. */
final class FakeLogs implements Logs {
    static final TaskId TASK = TaskId.parse("01890a5d-ac96-774b-bcce-b302099a8057");

    final List<LogRecord> records = new CopyOnWriteArrayList<>();
    final List<Listener> listeners = new CopyOnWriteArrayList<>();
    final Map<String, LogLevel> levels = new ConcurrentHashMap<>();

    FakeLogs() {
        records.add(
                new LogRecord(
                        FakeDomain.CREATED,
                        LogLevel.ERROR,
                        "org.example.Mill",
                        "the wheel stands",
                        "DR-MILL-0001",
                        DomainId.of("ethical-scoring"),
                        TASK,
                        "org.example.mill",
                        "java.io.IOException: dry"));
        records.add(record("plain"));
    }

    static LogRecord record(String message) {
        return new LogRecord(
                FakeDomain.CREATED,
                LogLevel.INFO,
                "org.example.Mill",
                message,
                null,
                null,
                null,
                null,
                null);
    }

    @Override
    public List<LogRecord> newest(LogFilter filter, int first) {
        return records.stream().filter(filter::matches).limit(first).toList();
    }

    @Override
    public Watch watch(LogFilter filter, Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public LogLevel setLevel(String logger, @Nullable LogLevel level) {
        if (level == null) {
            levels.remove(logger);
            return LogLevel.INFO;
        }
        levels.put(logger, level);
        return level;
    }
}
