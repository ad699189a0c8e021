// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.admin.LoggerAdmin;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.log.LogFilter;
import org.spicetime.runtime.api.log.LogRecord;
import org.spicetime.runtime.api.log.Logs;

/** The log of the host, as logback has it, from the start of this component on. Thread-safe. */
@Component(immediate = true)
public final class HostLogs implements Logs {
    private final LogRing ring = new LogRing(MOST_RECORDS, MOST_BYTES);
    private final LogWatches watches = new LogWatches(ring);
    private final RecordAppender appender = new RecordAppender(this::add);
    private final Logger root;
    private final LoggerLevels levels;
    private final FileEncoders encoders;

    /**
     * Begins to keep records.
     *
     * @param admin of the OSGi log service, whose entries are part of the log
     */
    @Activate
    public HostLogs(@Reference LoggerAdmin admin) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        levels = new LoggerLevels(context, admin);
        root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        appender.setContext(context);
        appender.setName("MEMORY");
        appender.start();
        root.addAppender(appender);
        encoders = new FileEncoders(context);
    }

    private void add(LogRecord record) {
        ring.add(record);
        watches.added();
    }

    @Override
    public List<LogRecord> newest(LogFilter filter, int first) {
        if (first < 0) {
            throw new IllegalArgumentException("first must not be negative, was " + first);
        }
        return ring.newest(filter, first);
    }

    @Override
    public Watch watch(LogFilter filter, Listener listener) {
        return watches.open(filter, listener);
    }

    @Override
    public LogLevel setLevel(String logger, @Nullable LogLevel level) {
        return levels.set(logger, level);
    }

    /** Keeps no more. */
    @Deactivate
    public void close() {
        encoders.close();
        root.detachAppender(appender);
        appender.stop();
        watches.close();
    }
}
