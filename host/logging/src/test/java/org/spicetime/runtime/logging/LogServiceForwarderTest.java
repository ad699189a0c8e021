// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.LoggerFactory;

class LogServiceForwarderTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> seen = new ListAppender<>();
    private final Reader reader = new Reader();

    @BeforeEach
    void listen() {
        seen.start();
        root.addAppender(seen);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(seen);
    }

    @Test
    void entriesFromBeforeComeFirstAndNoneComesTwice() {
        reader.history.add(new Entry(1, LogLevel.WARN, "a", "first", null));
        reader.history.add(new Entry(2, LogLevel.WARN, "a", "second", null));

        LogServiceForwarder forwarder = new LogServiceForwarder(reader);
        forwarder.logged(new Entry(2, LogLevel.WARN, "a", "second", null));
        forwarder.logged(new Entry(3, LogLevel.WARN, "a", "third", null));

        assertThat(seen.list)
                .extracting(ILoggingEvent::getMessage)
                .containsExactly("first", "second", "third");
    }

    @Test
    void levelCauseAndTheBundleOfALegacyEntryAreKept() {
        LogServiceForwarder forwarder = new LogServiceForwarder(reader);

        forwarder.logged(
                new Entry(
                        1,
                        LogLevel.ERROR,
                        "LogService.my.bundle",
                        "{} fails",
                        new IllegalStateException("why")));

        ILoggingEvent event = seen.list.getFirst();
        assertThat(event.getLevel()).hasToString("ERROR");
        assertThat(event.getLoggerName()).isEqualTo("my.bundle");
        assertThat(event.getFormattedMessage()).isEqualTo("{} fails");
        assertThat(event.getThrowableProxy().getMessage()).isEqualTo("why");
    }

    @Test
    void anEntryOfTheRootLoggerIsNamedByItsBundle() {
        LogServiceForwarder forwarder = new LogServiceForwarder(reader);

        forwarder.logged(new Entry(1, LogLevel.INFO, "ROOT", "text", null));

        assertThat(seen.list.getFirst().getLoggerName()).isEqualTo("its.bundle");
    }

    @Test
    void aClosedForwarderListensNoMore() {
        LogServiceForwarder forwarder = new LogServiceForwarder(reader);
        assertThat(reader.listeners).containsExactly(forwarder);

        forwarder.close();

        assertThat(reader.listeners).isEmpty();
    }

    private static final class Reader implements LogReaderService {
        final List<LogEntry> history = new ArrayList<>();
        final List<LogListener> listeners = new ArrayList<>();

        @Override
        public void addLogListener(LogListener listener) {
            listeners.add(listener);
        }

        @Override
        public void removeLogListener(LogListener listener) {
            listeners.remove(listener);
        }

        @Override
        public Enumeration<LogEntry> getLog() {
            List<LogEntry> newestFirst = new ArrayList<>(history);
            Collections.reverse(newestFirst);
            return Collections.enumeration(newestFirst);
        }
    }

    private record Entry(
            long sequence, LogLevel level, String name, String message, @Nullable Throwable cause)
            implements LogEntry {
        @Override
        public @Nullable Bundle getBundle() {
            return (Bundle)
                    Proxy.newProxyInstance(
                            Bundle.class.getClassLoader(),
                            new Class<?>[] {Bundle.class},
                            (proxy, method, arguments) -> "its.bundle");
        }

        @Override
        public @Nullable ServiceReference<?> getServiceReference() {
            return null;
        }

        @Override
        @SuppressWarnings("deprecation")
        public int getLevel() {
            throw new UnsupportedOperationException("superseded by getLogLevel");
        }

        @Override
        public String getMessage() {
            return message;
        }

        @Override
        public @Nullable Throwable getException() {
            return cause;
        }

        @Override
        public long getTime() {
            return 0;
        }

        @Override
        public LogLevel getLogLevel() {
            return level;
        }

        @Override
        public String getLoggerName() {
            return name;
        }

        @Override
        public long getSequence() {
            return sequence;
        }

        @Override
        public String getThreadInfo() {
            return "";
        }

        @Override
        public @Nullable StackTraceElement getLocation() {
            return null;
        }
    }
}
