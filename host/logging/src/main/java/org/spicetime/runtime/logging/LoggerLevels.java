// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.log.admin.LoggerAdmin;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * The levels of the loggers. Logback decides what is written; the OSGi log service takes at least
 * that: its own level is as low as the lowest that was set here, else as it was at the start.
 * Thread-safe.
 */
final class LoggerLevels {
    private static final int LONGEST = 200;
    /* Logback never forgets a logger. */
    private static final int MOST_NAMED = 1000;
    private static final Pattern NAME = Pattern.compile("[\\w$-]+(\\.[\\w$-]+)*");

    private final LoggerContext context;
    private final LoggerAdmin admin;
    private final Map<String, org.osgi.service.log.LogLevel> asItWas;

    /** Null: as its parent. */
    @GuardedBy("this")
    private final Map<String, @Nullable LogLevel> named = new HashMap<>();

    LoggerLevels(LoggerContext context, LoggerAdmin admin) {
        this.context = context;
        this.admin = admin;
        asItWas = Map.copyOf(admin.getLoggerContext(null).getLogLevels());
    }

    synchronized LogLevel set(String logger, @Nullable LogLevel level) {
        if (logger.length() > LONGEST) {
            throw RefusedException.outOfRange(
                    "logger", logger.length() + " characters", "0 .. " + LONGEST + " characters");
        }
        String name = logger.isEmpty() ? org.slf4j.Logger.ROOT_LOGGER_NAME : logger;
        if (!NAME.matcher(name).matches()) {
            throw RefusedException.badInput(
                    "logger",
                    "the name of a logger is made of letters, digits, \"_\", \"$\" and \"-\", in"
                            + " parts joined by dots; empty: the root");
        }
        if (level == null) check(name);
        if (!named.containsKey(name) && named.size() >= MOST_NAMED) {
            throw RefusedException.exhausted(
                    "the levels of "
                            + MOST_NAMED
                            + " loggers were changed since the host started; change one of those,"
                            + " or start it again",
                    named.size() + 1,
                    MOST_NAMED);
        }
        named.put(name, level);
        Logger changed = context.getLogger(name);
        changed.setLevel(level == null ? null : Level.toLevel(level.name()));
        takeEnough();
        return RecordAppender.level(changed.getEffectiveLevel());
    }

    /** Refuses to have a logger follow a parent that is off, or that is not there. */
    private void check(String name) {
        if (name.equalsIgnoreCase(org.slf4j.Logger.ROOT_LOGGER_NAME)) {
            throw RefusedException.badInput(
                    "level", "the root of all loggers has no parent: name its level");
        }
        if (parent(name).getEffectiveLevel().equals(Level.OFF)) {
            throw RefusedException.badInput(
                    "level", "the parent of " + name + " is off: name a level");
        }
    }

    private Logger parent(String name) {
        int dot = name.lastIndexOf('.');
        while (dot > 0) {
            Logger parent = context.exists(name.substring(0, dot));
            if (parent != null) return parent;
            dot = name.lastIndexOf('.', dot - 1);
        }
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @GuardedBy("this")
    private void takeEnough() {
        String root = org.osgi.service.log.Logger.ROOT_LOGGER_NAME;
        org.osgi.service.log.LogLevel least =
                asItWas.getOrDefault(root, org.osgi.service.log.LogLevel.WARN);
        for (LogLevel level : named.values()) {
            if (level == null) continue;
            var wanted = org.osgi.service.log.LogLevel.valueOf(level.name());
            if (wanted.compareTo(least) > 0) least = wanted;
        }
        Map<String, org.osgi.service.log.LogLevel> levels = new HashMap<>(asItWas);
        levels.put(root, least);
        admin.getLoggerContext(null).setLogLevels(levels);
    }
}
