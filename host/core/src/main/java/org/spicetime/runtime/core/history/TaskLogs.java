// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.history;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.store.LogLine;
import org.spicetime.runtime.api.task.TaskAttempt;
import org.spicetime.runtime.api.task.TaskLogLine;

/**
 * The log lines of all attempts of a domain, within a budget of bytes: when it is used up, the
 * attempts that logged first lose their oldest lines. Thread-safe.
 */
public final class TaskLogs {

    /** Most bytes of all lines of a domain together, about. */
    static final long MOST_BYTES = 16L << 20;

    private static final long LINE_OVERHEAD = 64;

    private final InstantSource clock;
    private final long mostBytes;
    private final Set<AttemptLog> oldestFirst = new LinkedHashSet<>();
    private long bytes;

    TaskLogs(InstantSource clock, long mostBytes) {
        this.clock = clock;
        this.mostBytes = mostBytes;
    }

    /** The log of an attempt that begins to write. */
    synchronized AttemptLog open() {
        AttemptLog log = new AttemptLog();
        oldestFirst.add(log);
        return log;
    }

    synchronized long bytes() {
        return bytes;
    }

    /**
     * Lines of an attempt that were not told before. Immutable.
     *
     * @param lines in order
     * @param dropped lines left out between those told before and these
     */
    public record Untold(List<LogLine> lines, long dropped) {
        /** Nothing was logged. */
        public static final Untold NOTHING = new Untold(List.of(), 0);

        public Untold {
            lines = List.copyOf(lines);
        }
    }

    /** What one attempt has logged. Thread-safe. */
    public final class AttemptLog {

        /* Guarded by the logs of the domain. */
        private final ArrayDeque<TaskLogLine> lines = new ArrayDeque<>();
        private long dropped;
        private long untoldDropped;
        private int told;
        private boolean closed;

        private AttemptLog() {}

        /** Adds a line, cut to the length allowed; nothing once the attempt is over. */
        public void add(LogLevel level, String message) {
            String text =
                    message.length() <= TaskLogLine.MAX_LENGTH
                            ? message
                            : message.substring(0, TaskLogLine.MAX_LENGTH - 1) + "\u2026";
            TaskLogLine line = new TaskLogLine(clock.instant(), level, text);
            synchronized (TaskLogs.this) {
                if (closed) {
                    return;
                }
                lines.addLast(line);
                bytes += cost(line);
                if (lines.size() > TaskAttempt.MAX_LOG_LINES) {
                    dropOldest();
                }
                makeRoom();
            }
        }

        /** The attempt is over: nothing is added any more. */
        public void close() {
            synchronized (TaskLogs.this) {
                closed = true;
            }
        }

        List<TaskLogLine> lines() {
            synchronized (TaskLogs.this) {
                return List.copyOf(lines);
            }
        }

        long dropped() {
            synchronized (TaskLogs.this) {
                return dropped;
            }
        }

        /** The lines that were not told yet; they are told now. */
        Untold untold() {
            synchronized (TaskLogs.this) {
                List<LogLine> fresh = new ArrayList<>(lines.size() - told);
                int place = 0;
                for (TaskLogLine line : lines) {
                    if (place++ >= told) {
                        fresh.add(
                                new LogLine(line.timestamp(), level(line.level()), line.message()));
                    }
                }
                Untold untold = new Untold(fresh, untoldDropped);
                told = lines.size();
                untoldDropped = 0;
                return untold;
            }
        }

        /** The task is purged. */
        void forget() {
            synchronized (TaskLogs.this) {
                closed = true;
                lines.forEach(line -> bytes -= cost(line));
                lines.clear();
                oldestFirst.remove(this);
            }
        }

        private void dropOldest() {
            bytes -= cost(lines.removeFirst());
            dropped++;
            if (told > 0) {
                told--;
            } else {
                untoldDropped++;
            }
        }
    }

    private void makeRoom() {
        Iterator<AttemptLog> next = oldestFirst.iterator();
        while (bytes > mostBytes && next.hasNext()) {
            AttemptLog oldest = next.next();
            while (bytes > mostBytes && !oldest.lines.isEmpty()) {
                oldest.dropOldest();
            }
            if (oldest.lines.isEmpty() && oldest.closed) {
                next.remove();
            }
        }
    }

    private static System.Logger.Level level(LogLevel level) {
        return switch (level) {
            case TRACE -> System.Logger.Level.TRACE;
            case DEBUG -> System.Logger.Level.DEBUG;
            case INFO -> System.Logger.Level.INFO;
            case WARN -> System.Logger.Level.WARNING;
            case ERROR -> System.Logger.Level.ERROR;
        };
    }

    private static long cost(TaskLogLine line) {
        return LINE_OVERHEAD + line.message().length();
    }
}
