// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Forwards each entry of the OSGi log service to SLF4J once, in its order, also those from before
 * this component was active. Without it nobody reads why a component or a dropped bundle failed.
 * Thread-safe.
 *
 * <p>The bridge of Felix, org.apache.felix.logback 1.0.6, loses every entry with logback 1.5: it
 * makes logging events without a logger context, and the appenders fail on them.
 */
@Component(service = {})
public final class LogServiceForwarder implements LogListener {
    private static final String LEGACY_PREFIX = "LogService.";

    private final LogReaderService reader;

    /** The newest entry forwarded; guarded by this. */
    private long last = Long.MIN_VALUE;

    /**
     * Begins to forward.
     *
     * @param reader where the entries come from
     */
    @Activate
    public LogServiceForwarder(@Reference LogReaderService reader) {
        this.reader = reader;
        synchronized (this) {
            reader.addLogListener(this);
            List<LogEntry> newestFirst = new ArrayList<>(Collections.list(reader.getLog()));
            Collections.reverse(newestFirst);
            newestFirst.forEach(this::logged);
        }
    }

    @Override
    public synchronized void logged(LogEntry entry) {
        if (entry.getSequence() <= last) {
            return;
        }
        last = entry.getSequence();
        Level level = levelOf(entry.getLogLevel());
        Logger logger = LoggerFactory.getLogger(nameOf(entry));
        if (logger.isEnabledForLevel(level)) {
            LoggingEventBuilder event =
                    logger.makeLoggingEventBuilder(level).setCause(entry.getException());
            Bundle bundle = entry.getBundle();
            if (bundle != null && bundle.getSymbolicName() != null) {
                event = event.addKeyValue(RecordAppender.BUNDLE, bundle.getSymbolicName());
            }
            event.log(entry.getMessage());
        }
    }

    /** Stops to forward. */
    @Deactivate
    public void close() {
        reader.removeLogListener(this);
    }

    private static String nameOf(LogEntry entry) {
        String name = entry.getLoggerName();
        Bundle bundle = entry.getBundle();
        if (name.equals(org.osgi.service.log.Logger.ROOT_LOGGER_NAME) && bundle != null) {
            return String.valueOf(bundle.getSymbolicName());
        }
        return name.startsWith(LEGACY_PREFIX) ? name.substring(LEGACY_PREFIX.length()) : name;
    }

    private static Level levelOf(LogLevel level) {
        return switch (level) {
            case AUDIT, INFO -> Level.INFO;
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }
}
