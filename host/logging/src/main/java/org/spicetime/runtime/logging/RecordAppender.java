// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.event.KeyValuePair;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.log.LogRecord;
import org.spicetime.runtime.api.log.Redaction;

/**
 * Makes a {@link LogRecord} of each logging event, on the thread that logs: that thread's call
 * stack tells the bundle, and its context the domain and the task. Thread-safe.
 */
final class RecordAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    /** Key of a pair that names the event: {@code atWarn().addKeyValue("event", "DR-…")}. */
    static final String EVENT = "event";

    /** Key of a pair that names the bundle, where another one logs on its behalf. */
    static final String BUNDLE = "bundle";

    /** Keys of the thread's context (MDC). */
    static final String DOMAIN = "domain";

    static final String TASK = "task";

    private static final List<String> LOGGING =
            List.of("ch.qos.logback.", "org.slf4j.", "org.spicetime.runtime.logging.");
    private static final StackWalker STACK =
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final String MORE = "\u2026";
    /* Beyond the cut, so that it does not leave a part of a secret that is not known as one. */
    private static final int AHEAD = 512;

    private final Consumer<LogRecord> records;

    RecordAppender(Consumer<LogRecord> records) {
        this.records = records;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String named = pair(event, EVENT);
        Map<String, String> context = event.getMDCPropertyMap();
        records.accept(
                new LogRecord(
                        event.getInstant(),
                        level(event.getLevel()),
                        event.getLoggerName(),
                        text(String.valueOf(event.getFormattedMessage())),
                        named != null && LogRecord.isEvent(named) ? named : null,
                        parsed(context.get(DOMAIN), DomainId::of),
                        parsed(context.get(TASK), TaskId::parse),
                        bundle(event),
                        stackTrace(event.getThrowableProxy())));
    }

    static LogLevel level(Level level) {
        int value = level.toInt();
        if (value >= Level.ERROR_INT) return LogLevel.ERROR;
        if (value >= Level.WARN_INT) return LogLevel.WARN;
        if (value >= Level.INFO_INT) return LogLevel.INFO;
        return value >= Level.DEBUG_INT ? LogLevel.DEBUG : LogLevel.TRACE;
    }

    private static String text(String message) {
        return cut(Redaction.of(ahead(message, LogRecord.MAX_MESSAGE)), LogRecord.MAX_MESSAGE);
    }

    private static @Nullable String stackTrace(@Nullable IThrowableProxy cause) {
        if (cause == null) return null;
        String shown = ahead(ThrowableProxyUtil.asString(cause), LogRecord.MAX_STACK_TRACE);
        return cut(Redaction.ofTrace(shown), LogRecord.MAX_STACK_TRACE);
    }

    private static String ahead(String text, int most) {
        return text.length() <= most + AHEAD ? text : text.substring(0, most + AHEAD);
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) return text;
        int end = most - MORE.length();
        if (Character.isHighSurrogate(text.charAt(end - 1))) end--;
        return text.substring(0, end) + MORE;
    }

    private static @Nullable String pair(ILoggingEvent event, String key) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) return null;
        for (KeyValuePair pair : pairs) {
            if (key.equals(pair.key) && pair.value != null) return String.valueOf(pair.value);
        }
        return null;
    }

    private static @Nullable String bundle(ILoggingEvent event) {
        String told = pair(event, BUNDLE);
        if (told != null) return told.isBlank() ? null : told;
        Bundle bundle =
                STACK.walk(frames ->
                        frames.map(StackWalker.StackFrame::getDeclaringClass)
                                .filter(RecordAppender::logs)
                                .findFirst()
                                .map(FrameworkUtil::getBundle)
                                .orElse(null));
        return bundle == null ? null : bundle.getSymbolicName();
    }

    private static boolean logs(Class<?> caller) {
        String name = caller.getName();
        return LOGGING.stream().noneMatch(name::startsWith) && !name.startsWith("java.");
    }

    private static <T> @Nullable T parsed(@Nullable String text, Function<String, T> parser) {
        if (text == null) return null;
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException somebodyElses) {
            return null;
        }
    }
}
