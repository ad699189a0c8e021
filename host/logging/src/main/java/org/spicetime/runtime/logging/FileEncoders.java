// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Has all that is written into files and to the terminal pass a {@link RedactingEncoder}. The
 * configuration of logback could not name that class, which lives in a bundle. Confined to the one
 * who makes and closes it.
 */
final class FileEncoders implements AutoCloseable {
    private final List<OutputStreamAppender<ILoggingEvent>> changed = new ArrayList<>();

    /** From now on, for the appenders there are. */
    FileEncoders(LoggerContext context) {
        for (Logger logger : context.getLoggerList()) redact(logger);
    }

    private void redact(AppenderAttachable<ILoggingEvent> attached) {
        for (Iterator<Appender<ILoggingEvent>> all = attached.iteratorForAppenders();
                all.hasNext(); ) {
            redact(all.next());
        }
    }

    @SuppressWarnings("unchecked") // What hangs on a logger takes its events.
    private void redact(Appender<ILoggingEvent> appender) {
        if (appender instanceof OutputStreamAppender<ILoggingEvent> writer) {
            Encoder<ILoggingEvent> plain = writer.getEncoder();
            if (plain == null || plain instanceof RedactingEncoder) return;
            writer.setEncoder(
                    new RedactingEncoder(
                            plain,
                            plain instanceof LayoutWrappingEncoder<?> layout
                                    ? layout.getCharset()
                                    : null));
            changed.add(writer);
        } else if (appender instanceof AppenderAttachable<?> passesOn) {
            redact((AppenderAttachable<ILoggingEvent>) passesOn);
        }
    }

    /** Gives the appenders their own encoders back. */
    @Override
    public void close() {
        for (OutputStreamAppender<ILoggingEvent> writer : changed) {
            if (writer.getEncoder() instanceof RedactingEncoder redacting) {
                writer.setEncoder(redacting.plain());
            }
        }
    }
}
