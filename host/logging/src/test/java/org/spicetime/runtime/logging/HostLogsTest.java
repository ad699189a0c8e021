// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.admin.LoggerAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.log.LogFilter;
import org.spicetime.runtime.api.log.LogRecord;
import org.spicetime.runtime.api.log.Logs;

class HostLogsTest {
    private static final String NAME = "org.example.mill";
    private static final Logger LOG = LoggerFactory.getLogger(NAME + ".Wheel");
    private static final LogFilter MILL = new LogFilter(null, NAME, null, null, null);

    private final Map<String, org.osgi.service.log.LogLevel> taken =
            new HashMap<>(Map.of("ROOT", org.osgi.service.log.LogLevel.INFO));
    private final Level atStart =
            ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT").getLevel();
    private final HostLogs logs = new HostLogs(admin());

    @AfterEach
    void stop() {
        logs.close();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        for (var logger : context.getLoggerList()) {
            if (logger.getName().startsWith("org.")) logger.setLevel(null);
        }
        context.getLogger("ROOT").setLevel(atStart);
    }

    private LoggerAdmin admin() {
        var context =
                (org.osgi.service.log.admin.LoggerContext)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {org.osgi.service.log.admin.LoggerContext.class},
                                (self, method, args) -> {
                                    if (method.getName().equals("getLogLevels")) {
                                        return new HashMap<>(taken);
                                    }
                                    taken.clear();
                                    ((Map<?, ?>) args[0])
                                            .forEach((name, level) ->
                                                    taken.put(
                                                            (String) name,
                                                            (org.osgi.service.log.LogLevel) level));
                                    return null;
                                });
        return name -> context;
    }

    private LogRecord newest() {
        return logs.newest(MILL, 1).getFirst();
    }

    @Test
    void aRecordTellsWhereItComesFrom() {
        TaskId task = TaskId.parse("01890a5d-ac96-774b-bcce-b302099a8057");
        MDC.put("domain", "orders");
        MDC.put("task", task.toString());
        try {
            LOG.atWarn()
                    .addKeyValue("event", "DR-MILL-0001")
                    .setCause(new IllegalStateException("stuck"))
                    .log("the {} stands", "wheel");
        } finally {
            MDC.clear();
        }
        LogRecord record = newest();
        assertThat(record.message()).isEqualTo("the wheel stands");
        assertThat(record.level()).isEqualTo(LogLevel.WARN);
        assertThat(record.logger()).isEqualTo(NAME + ".Wheel");
        assertThat(record.event()).isEqualTo("DR-MILL-0001");
        assertThat(record.domain()).isEqualTo(DomainId.of("orders"));
        assertThat(record.task()).isEqualTo(task);
        assertThat(record.stackTrace())
                .startsWith("java.lang.IllegalStateException: stuck\n\tat ")
                .contains("HostLogsTest");
        assertThat(record.bundle()).isNull(); // no framework runs here

        LOG.info("next");
        assertThat(newest())
                .extracting(
                        LogRecord::event, LogRecord::domain, LogRecord::task, LogRecord::stackTrace)
                .containsOnlyNulls();
    }

    @Test
    void whatIsNoIdOrEventOfOursIsLeftOut() {
        MDC.put("domain", "not an id");
        MDC.put("task", "17");
        try {
            LOG.atInfo().addKeyValue("event", "something").log("text");
        } finally {
            MDC.clear();
        }
        assertThat(newest())
                .extracting(LogRecord::event, LogRecord::domain, LogRecord::task)
                .containsOnlyNulls();
    }

    @Test
    void noCredentialIsTold() {
        String token = "drt_" + "Zq3x".repeat(10);
        LOG.error(
                "Authorization: Bearer abcdef0123456789, password=hunter2! {}",
                "x".repeat(8192 - 70) + token,
                new IllegalStateException("token: " + token, new Error("of " + token)));
        LogRecord record = newest();
        assertThat(record.message())
                .contains("Bearer [redacted]", "password=[redacted]")
                .doesNotContain("abcdef01", "hunter2", "Zq3x")
                .hasSizeLessThanOrEqualTo(8192);
        assertThat(record.stackTrace()).contains("[redacted]").doesNotContain("Zq3x");

        LOG.info("x".repeat(20_000));
        assertThat(newest().message()).hasSize(8192).endsWith("\u2026");
    }

    @Test
    void aLevelHoldsForTheLoggersBelowAndIsTakenBack() {
        assertThat(logs.setLevel(NAME, LogLevel.DEBUG)).isEqualTo(LogLevel.DEBUG);
        LOG.debug("seen");
        LOG.trace("not seen");
        assertThat(newest().message()).isEqualTo("seen");
        assertThat(newest().level()).isEqualTo(LogLevel.DEBUG);
        assertThat(taken).containsEntry("ROOT", org.osgi.service.log.LogLevel.DEBUG);

        assertThat(logs.setLevel(NAME + ".Wheel", null)).isEqualTo(LogLevel.DEBUG);
        assertThat(logs.setLevel(NAME + ".Wheel", LogLevel.ERROR)).isEqualTo(LogLevel.ERROR);
        LOG.warn("not seen");
        assertThat(newest().message()).isEqualTo("seen");

        assertThat(logs.setLevel("", LogLevel.WARN)).isEqualTo(LogLevel.WARN);
        assertThat(logs.setLevel(NAME, null)).isEqualTo(LogLevel.WARN);
        assertThat(logs.setLevel(NAME + ".Wheel", null)).isEqualTo(LogLevel.WARN);
        assertThat(taken).containsEntry("ROOT", org.osgi.service.log.LogLevel.INFO);
    }

    @Test
    void aLevelThatCannotHoldIsRefused() {
        for (String name : List.of(" ", "a..b", ".a", "a.", "a b", "a\nb", "x".repeat(201))) {
            assertThatThrownBy(() -> logs.setLevel(name, LogLevel.DEBUG))
                    .as(name)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("logger");
        }
        assertThatThrownBy(() -> logs.setLevel("", null))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("root");
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger("org.example.off").setLevel(Level.OFF);
        assertThatThrownBy(() -> logs.setLevel("org.example.off.Child", null))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is off");
    }

    @Test
    void loggersAreNotNamedWithoutEnd() {
        for (int i = 0; i < 1000; i++) logs.setLevel("org.example.many.L" + i, null);
        assertThatThrownBy(() -> logs.setLevel("org.example.many.More", null))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("1000 loggers");
        assertThat(
                        ((LoggerContext) LoggerFactory.getILoggerFactory())
                                .exists("org.example.many.More"))
                .isNull();
        assertThat(logs.setLevel("org.example.many.L7", LogLevel.WARN)).isEqualTo(LogLevel.WARN);
        logs.setLevel("org.example.many.L7", null);
    }

    @Test
    void aWatchIsToldWhatIsWrittenFromThenOnInOrder() throws InterruptedException {
        LOG.info("before");
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Watch watch =
                logs.watch(MILL, (record, skipped) -> told.add(skipped + " " + record.message()));
        for (int i = 0; i < 600; i++) LOG.info("m{}", i);
        for (int i = 0; i < 600; i++) assertThat(told.take()).isEqualTo("0 m" + i);

        watch.close();
        CountDownLatch seen = new CountDownLatch(1);
        logs.watch(MILL, (record, skipped) -> seen.countDown());
        LOG.info("after");
        seen.await();
        assertThat(told).isEmpty();
    }

    @Test
    void whoIsTooSlowIsToldHowManyWereSkipped() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        BlockingQueue<Long> skips = new LinkedBlockingQueue<>();
        logs.watch(
                MILL,
                (record, skipped) -> {
                    if (record.message().equals("hold")) {
                        held.countDown();
                        await(go);
                    }
                    if (skipped > 0) skips.add(skipped);
                });
        LOG.info("hold");
        held.await();
        for (int i = 0; i < Logs.MOST_RECORDS + 250; i++) LOG.info("more");
        go.countDown();
        assertThat(skips.take()).isEqualTo(250);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theSendingOfRecordsDoesNotFeedItself() throws InterruptedException {
        logs.setLevel("org.eclipse.jetty", LogLevel.TRACE);
        Logger jetty = LoggerFactory.getLogger("org.eclipse.jetty.websocket.core");
        List<String> told = new ArrayList<>();
        CountDownLatch ends = new CountDownLatch(1);
        logs.watch(
                LogFilter.ANY,
                (record, skipped) -> {
                    told.add(record.message());
                    jetty.debug("sent {}", record.message());
                    if (record.message().equals("end")) ends.countDown();
                });
        LOG.info("begin");
        jetty.warn("a warning counts");
        LOG.info("end");
        ends.await();
        assertThat(told).containsExactly("begin", "a warning counts", "end");
        assertThat(logs.newest(LogFilter.ANY, 9))
                .extracting(LogRecord::message)
                .contains("sent begin");
        logs.setLevel("org.eclipse.jetty", null);
    }

    @Test
    void aListenerThatFailsIsToldNoMore() throws InterruptedException {
        List<String> told = new ArrayList<>();
        logs.watch(
                LogFilter.ANY,
                (record, skipped) -> {
                    told.add(record.message());
                    throw new IllegalStateException("broken");
                });
        BlockingQueue<String> others = new LinkedBlockingQueue<>();
        logs.watch(LogFilter.ANY, (record, skipped) -> others.add(record.message()));
        LOG.info("one");
        assertThat(others.take()).isEqualTo("one");
        assertThat(others.take()).contains("is told no more");
        LOG.info("two");
        assertThat(others.take()).isEqualTo("two");
        assertThat(told).containsExactly("one");
    }
}
