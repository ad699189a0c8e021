// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.alert.Alert;
import org.spicetime.runtime.api.alert.AlertListener;
import org.spicetime.runtime.api.alert.Alerts;
import org.spicetime.runtime.api.domain.AlertSeverity;

@Timeout(120)
class AlertBookTest {
    private static final AlertBook.Source ONE = new AlertBook.Source("one", null);
    private static final AlertBook.Source OTHER = new AlertBook.Source("other", null);
    private static final DomainId ANN = DomainId.of("ann");
    private static final DomainId BOB = DomainId.of("bob");

    private Instant now = Instant.parse("2026-05-01T10:00:00Z");
    private final AlertBook book = new AlertBook(() -> now);

    @AfterEach
    void close() {
        book.close();
    }

    private static Finding finding(AlertCode code, AlertSeverity severity) {
        return finding(code, null, "", severity);
    }

    private static Finding finding(
            AlertCode code, @Nullable DomainId domain, String subject, AlertSeverity severity) {
        return new Finding(
                code, domain, subject, severity, code + subject + " " + severity, Map.of());
    }

    /** What a watcher is told, in order. */
    private static final class Told implements AlertListener {
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

        @Override
        public void changed(Alert alert) {
            events.add(alert);
        }

        @Override
        public void deleted() {
            events.add("deleted");
        }

        Alert next() throws InterruptedException {
            return (Alert) any();
        }

        Object any() throws InterruptedException {
            Object event = events.poll(60, TimeUnit.SECONDS);
            assertThat(event).as("an event within a minute").isNotNull();
            return event;
        }
    }

    @Test
    void anAlertIsOneFromItsBeginningToItsEnd() throws Exception {
        Told told = new Told();
        book.watch(null, told);
        book.report(ONE, List.of(finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING)));
        Instant raisedAt = now;
        now = now.plusSeconds(1);
        book.report(ONE, List.of(finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING)));
        now = now.plusSeconds(1);
        book.report(ONE, List.of(finding(AlertCode.DISK_SCARCE, AlertSeverity.CRITICAL)));
        now = now.plusSeconds(1);
        book.report(ONE, List.of());
        Instant clearedAt = now;

        Alert raised = told.next();
        Alert worse = told.next();
        Alert cleared = told.next();
        assertThat(raised.code()).isEqualTo("DR-HOST-0001");
        assertThat(raised.raisedAt()).isEqualTo(raisedAt);
        assertThat(raised.active()).isTrue();
        assertThat(worse.severity()).isEqualTo(AlertSeverity.CRITICAL);
        assertThat(worse.active()).isTrue();
        assertThat(cleared.severity()).isEqualTo(AlertSeverity.CRITICAL);
        assertThat(cleared.clearedAt()).isEqualTo(clearedAt);
        assertThat(List.of(worse, cleared))
                .allSatisfy(alert -> {
                    assertThat(alert.id()).isEqualTo(raised.id());
                    assertThat(alert.raisedAt()).isEqualTo(raisedAt);
                });
        assertThat(told.events).as("what is found again is not told again").isEmpty();

        book.report(ONE, List.of(finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING)));
        assertThat(told.next().id()).as("another time it is another one").isNotEqualTo(raised.id());
    }

    @Test
    void theListHasTheNewestWords() {
        book.report(ONE, List.of(finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING)));
        book.report(
                ONE,
                List.of(
                        new Finding(
                                AlertCode.DISK_SCARCE,
                                null,
                                "",
                                AlertSeverity.WARNING,
                                "less still",
                                Map.of("freeBytes", 3L))));
        assertThat(book.list(null, true, 10))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.message()).isEqualTo("less still");
                    assertThat(alert.details()).containsEntry("freeBytes", 3L);
                });
    }

    @Test
    void aSourceEndsItsOwnAlertsAlone() {
        book.report(ONE, List.of(finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING)));
        book.report(OTHER, List.of(finding(AlertCode.MEMORY_SCARCE, AlertSeverity.WARNING)));
        book.report(ONE, List.of());
        assertThat(book.list(null, true, 10))
                .extracting(Alert::code)
                .containsExactly(AlertCode.MEMORY_SCARCE.text());
    }

    @Test
    void oneCodeHoldsForEachSubject() {
        book.report(
                ONE,
                List.of(
                        finding(AlertCode.BUNDLE_PROBLEM, null, "a", AlertSeverity.WARNING),
                        finding(AlertCode.BUNDLE_PROBLEM, null, "b", AlertSeverity.WARNING)));
        book.report(
                ONE, List.of(finding(AlertCode.BUNDLE_PROBLEM, null, "b", AlertSeverity.WARNING)));
        assertThat(book.list(null, true, 10))
                .singleElement()
                .satisfies(alert -> assertThat(alert.message()).contains("b WARNING"));
    }

    @Test
    void theListIsNewestFirstAndOfOneDomainIfWanted() {
        book.report(
                ONE,
                List.of(
                        finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING),
                        finding(AlertCode.SWAP_OFF, ANN, "", AlertSeverity.WARNING),
                        finding(AlertCode.SWAP_OFF, BOB, "", AlertSeverity.WARNING)));
        book.report(
                ONE,
                List.of(
                        finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING),
                        finding(AlertCode.SWAP_OFF, BOB, "", AlertSeverity.WARNING)));
        assertThat(book.list(null, true, 10)).extracting(Alert::domain).containsExactly(BOB, null);
        assertThat(book.list(null, false, 10))
                .extracting(Alert::domain)
                .containsExactly(BOB, ANN, null);
        assertThat(book.list(ANN, true, 10)).isEmpty();
        assertThat(book.list(ANN, false, 10)).hasSize(1);
        assertThat(book.list(null, false, 1)).extracting(Alert::domain).containsExactly(BOB);
        assertThat(book.list(null, false, 0)).isEmpty();
        assertThatThrownBy(() -> book.list(null, true, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void soManyClearedOnesAreKeptAndNoMore() {
        for (int i = 0; i < Alerts.KEPT + 3; i++) {
            book.report(
                    ONE,
                    List.of(
                            finding(
                                    AlertCode.BUNDLE_PROBLEM,
                                    null,
                                    " of bundle " + i,
                                    AlertSeverity.WARNING)));
        }
        book.report(ONE, List.of());
        List<Alert> kept = book.list(null, false, Integer.MAX_VALUE);
        assertThat(kept).hasSize(Alerts.KEPT);
        assertThat(kept.getFirst().message()).contains("bundle " + (Alerts.KEPT + 2));
        assertThat(kept.getLast().message()).contains("bundle 3 ");
    }

    @Test
    void aWatcherIsToldWhatHoldsTheOldestFirstAndThenWhatChanges() throws Exception {
        List<Finding> all =
                new ArrayList<>(
                        IntStream.range(0, 20)
                                .mapToObj(i ->
                                        finding(
                                                AlertCode.BUNDLE_PROBLEM,
                                                i % 2 == 0 ? ANN : BOB,
                                                " " + i,
                                                AlertSeverity.WARNING))
                                .toList());
        book.report(ONE, all);
        Told told = new Told();
        Watch watch = book.watch(ANN, told);
        for (int i = 0; i < 20; i += 2) {
            assertThat(told.next().message()).contains(" " + i + " ");
        }
        all.removeFirst();
        book.report(ONE, all);
        assertThat(told.next().active()).isFalse();
        watch.close();
        book.report(ONE, List.of());
        Told later = new Told();
        book.report(OTHER, List.of(finding(AlertCode.SWAP_OFF, ANN, "", AlertSeverity.WARNING)));
        book.watch(ANN, later);
        later.next();
        assertThat(told.events).as("one that is closed is told nothing").isEmpty();
    }

    @Test
    void aListenerMayAskTheBookAndOneThatFailsHarmsNobody() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        book.watch(
                null,
                alert -> {
                    throw new IllegalStateException("a listener of the test");
                });
        book.watch(
                null,
                alert -> {
                    Thread reader = new Thread(() -> book.list(null, false, 10));
                    reader.start();
                    try {
                        reader.join();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    asked.countDown();
                });
        book.report(ONE, List.of(finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING)));
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsToldOfADomainEndsWithIt() throws Exception {
        Told anns = new Told();
        Told all = new Told();
        DomainAlerts ann = new DomainAlerts(book, ANN);
        DomainAlerts bob = new DomainAlerts(book, BOB);
        ann.pool(true);
        bob.pool(true);
        ann.swapOff("no room");
        bob.swapOff("no room");
        book.watch(ANN, anns);
        book.watch(null, all);
        ann.end();
        assertThat(anns.next().active()).isTrue();
        assertThat(anns.next().active()).isFalse();
        assertThat(anns.any()).isEqualTo("deleted");
        assertThat(all.next().domain()).isEqualTo(ANN);
        assertThat(all.next().domain()).isEqualTo(BOB);
        assertThat(all.next().clearedAt()).isNotNull();
        ann.swapOff("still no room");
        assertThat(book.list(ANN, true, 10)).as("nothing follows").isEmpty();
        assertThat(book.list(BOB, true, 10)).hasSize(1);
    }

    @Test
    void aClockThatIsSetBackEndsNoAlertBeforeItBegan() {
        book.report(ONE, List.of(finding(AlertCode.DISK_SCARCE, AlertSeverity.WARNING)));
        Instant raisedAt = now;
        now = now.minus(Duration.ofHours(1));
        book.report(ONE, List.of());
        assertThat(book.list(null, false, 1).getFirst().clearedAt()).isEqualTo(raisedAt);
    }

    @Test
    void whatEndsWithAPoolIsNotTheMatterWithTheNext() {
        DomainAlerts ann = new DomainAlerts(book, ANN);
        ann.swapOff("told after the pool was given back");
        assertThat(book.list(ANN, true, 10)).isEmpty();
        ann.pool(true);
        ann.swapDamaged("task a");
        ann.swapDamaged("task b");
        ann.thrashes("much", 0.75);
        assertThat(book.list(ANN, true, 10))
                .extracting(Alert::code, alert -> alert.details().get("blocks"))
                .containsExactlyInAnyOrder(tuple("DR-SWAP-0002", 2L), tuple("DR-SWAP-0003", null));
        ann.thrashes(null, 0);
        assertThat(book.list(ANN, true, 10))
                .extracting(Alert::code)
                .containsExactly("DR-SWAP-0002");
        ann.pool(false);
        ann.pool(true);
        assertThat(book.list(ANN, true, 10)).isEmpty();
    }
}
