// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.FileAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileEncodersTest {
    private static final String TOKEN = "drt_0123456789abcdefghij";

    @TempDir private Path folder;
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("org.example.mill");

    @BeforeEach
    void start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private FileAppender<ILoggingEvent> file(String name) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.ISO_8859_1);
        encoder.setPattern("%msg%n%ex");
        encoder.start();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setFile(folder.resolve(name).toString());
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private String written(String name) throws Exception {
        return Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatIsWrittenHasNoCredentialsUntilTheHostLetsGo() throws Exception {
        logger.addAppender(file("log"));
        try (FileEncoders _ = new FileEncoders(context)) {
            logger.warn("the m\u00fchle got {}", TOKEN);
            logger.warn("broken", new IllegalStateException("token=" + TOKEN));
        }
        assertThat(written("log"))
                .contains(
                        "the m\u00fchle got [redacted]\n",
                        "broken\n",
                        "token=[redacted]",
                        "\tat org.")
                .doesNotContain(TOKEN);
        logger.warn("again {}", TOKEN);
        assertThat(written("log")).contains("again " + TOKEN);
    }

    @Test
    void anAppenderBehindAnotherOneIsFound() throws Exception {
        AsyncAppender later = new AsyncAppender();
        later.setContext(context);
        later.addAppender(file("later"));
        later.start();
        logger.addAppender(later);
        try (FileEncoders _ = new FileEncoders(context)) {
            logger.warn("got {}", TOKEN);
            later.stop();
        }
        assertThat(written("later")).isEqualTo("got [redacted]\n");
    }
}
