// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.alert.Alert;
import org.spicetime.runtime.api.alert.AlertListener;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.AlertSeverity;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.alerts.AlertsService;
import org.spicetime.runtime.core.plugins.CatalogueService;
import org.spicetime.runtime.store.memory.MemoryTaskStore;

/** Causes begin and end in real domains; alerts follow. */
@Timeout(120)
final class AlertsTest {
    @TempDir Path instance;

    private TestHost host;
    private CatalogueService catalogue;
    private AlertsService alerts;
    private final BlockingQueue<Alert> told = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws Exception {
        Files.writeString(instance.resolve("swap"), "no directory");
        host = new TestHost(new MemoryTaskStore(), instance);
        catalogue = new CatalogueService(host.registry);
        alerts = new AlertsService(host.alerts, host.domains, catalogue);
    }

    @AfterEach
    void close() {
        alerts.close();
        host.close();
    }

    /** Alerts with this code, as they change. */
    private void watch(@Nullable DomainId domain, String code) {
        alerts.watch(
                domain,
                new AlertListener() {
                    @Override
                    public void changed(Alert alert) {
                        if (alert.code().equals(code)) {
                            told.add(alert);
                        }
                    }
                });
    }

    private Alert next() throws InterruptedException {
        Alert alert = told.poll(60, TimeUnit.SECONDS);
        assertThat(alert).as("an alert within a minute").isNotNull();
        return alert;
    }

    private List<String> codes(Domain domain) {
        return alerts.list(domain.id(), true, 100).stream().map(Alert::code).toList();
    }

    @Test
    void aPolicyThatIsEjectedIsTheMatterUntilItIsReinstated() throws Exception {
        Domain domain = host.domain("ann", Map.of("scheduler", Map.of("policy", "PRIORITY")));
        assertThat(codes(domain)).isEmpty();
        watch(null, "DR-PLUG-0001");
        TestHost.get(
                catalogue.eject(PluginKind.SCHEDULING_POLICY, "PRIORITY", null, "test", "admin"));
        assertThat(alerts.list(domain.id(), true, 100))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.code()).isEqualTo("DR-SCHED-0001");
                    assertThat(alert.severity()).isEqualTo(AlertSeverity.WARNING);
                    assertThat(alert.message()).startsWith("domain \"ann\": PRIORITY was ejected");
                    assertThat(alert.details())
                            .containsEntry("configured", "PRIORITY")
                            .containsEntry("active", "SAFE_FIFO")
                            .containsEntry("reason", "OPERATOR")
                            .containsKey("incident");
                });
        Alert quarantined = next();
        assertThat(quarantined.domain()).isNull();
        assertThat(quarantined.message()).contains("PRIORITY is in quarantine until");
        assertThat(quarantined.details())
                .containsEntry("kind", "SCHEDULING_POLICY")
                .containsEntry("bundle", "test.plugins");

        TestHost.get(catalogue.reinstate(PluginKind.SCHEDULING_POLICY, "PRIORITY", "admin"));
        Alert released = next();
        assertThat(released.id()).isEqualTo(quarantined.id());
        assertThat(released.clearedAt()).isNotNull();
        TestHost.until(() -> codes(domain).isEmpty());
        assertThat(alerts.list(domain.id(), false, 100))
                .singleElement()
                .satisfies(alert -> assertThat(alert.active()).isFalse());
    }

    @Test
    void aHandlerThatDoesNotEndIsTheMatterUntilItDoes() throws Exception {
        Domain domain = host.domain("stuck");
        watch(domain.id(), "DR-DOM-0003");
        CountDownLatch release = new CountDownLatch(1);
        host.work(
                "stuck",
                context -> {
                    while (release.getCount() > 0) {
                        try {
                            release.await();
                        } catch (InterruptedException ignoredByABadHandler) {
                            Thread.onSpinWait();
                        }
                    }
                    return null;
                });
        TestHost.get(domain.schedule(TestHost.task("stuck").timeout(Duration.ofMillis(1)).build()));
        Alert raised = next();
        assertThat(raised.severity()).isEqualTo(AlertSeverity.WARNING);
        assertThat(raised.message()).startsWith("domain \"stuck\": ").contains("test.run");
        assertThat(raised.details()).containsEntry("limitation", "threads");
        release.countDown();
        Alert cleared = next();
        assertThat(cleared.id()).isEqualTo(raised.id());
        assertThat(cleared.active()).isFalse();
    }

    @Test
    void aStoreThatTakesNothingForNowIsTheMatterUntilItDoes(@TempDir Path other) throws Exception {
        HeldStore held = new HeldStore();
        close();
        host = new TestHost(held, other);
        catalogue = new CatalogueService(host.registry);
        alerts = new AlertsService(host.alerts, host.domains, catalogue);
        Domain domain = host.domain("behind");
        watch(domain.id(), "DR-STORE-0003");
        CountDownLatch go = new CountDownLatch(1);
        host.work(
                "wait",
                context -> {
                    go.await();
                    return null;
                });
        TaskId task = TestHost.get(domain.schedule(TestHost.task("wait").build())).id();
        TestHost.until(() -> domain.task(task).orElseThrow().phase() == TaskPhase.RUNNING);
        held.fail(StoreException.Reason.COMMIT_FAILED, some -> true, false);
        go.countDown();
        Alert raised = next();
        assertThat(raised.severity()).isEqualTo(AlertSeverity.WARNING);
        assertThat(raised.details()).containsEntry("limitation", "store");
        held.heal();
        Alert cleared = next();
        assertThat(cleared.id()).isEqualTo(raised.id());
        assertThat(cleared.active()).isFalse();
        assertThat(TestHost.ended(domain, task).phase()).isEqualTo(TaskPhase.COMPLETED);
    }

    @Test
    void aDomainThatCannotStartIsTheMatterUntilItIsGone() throws Exception {
        Path home =
                ProvisionedFiles.file(
                        "big.json", "{\"config\": {\"memory\": {\"poolSize\": 1099511627776}}}");
        DomainId big = DomainId.of("big");
        watch(big, "DR-DOM-0001");
        host.domains.provision(List.of(home));
        Alert failed = next();
        assertThat(failed.severity()).isEqualTo(AlertSeverity.CRITICAL);
        assertThat(failed.domain()).isEqualTo(big);
        assertThat(failed.message()).startsWith("domain \"big\": FAILED: ");
        TestHost.get(host.domains.delete(big, true));
        Alert gone = next();
        assertThat(gone.id()).isEqualTo(failed.id());
        assertThat(gone.active()).isFalse();
    }

    @Test
    void aPoolThatIsFullIsTheMatterUntilItIsNot() throws Exception {
        Domain domain = host.domain("full");
        watch(domain.id(), "DR-MEM-0001");
        CountDownLatch go = new CountDownLatch(1);
        host.work(
                "hold",
                context -> {
                    context.arena().allocate((4L << 20) - 65536);
                    go.await();
                    return null;
                });
        TestHost.get(domain.schedule(TestHost.task("hold").build()));
        Alert raised = next();
        assertThat(raised.severity()).isEqualTo(AlertSeverity.CRITICAL);
        assertThat(raised.details())
                .containsEntry("level", "CRITICAL")
                .containsEntry("totalBytes", 4L << 20);
        go.countDown();
        Alert cleared = next();
        assertThat(cleared.id()).isEqualTo(raised.id());
        assertThat(cleared.active()).isFalse();
    }

    private static ScheduleRequest schedule(String name, int run, int period) {
        return new ScheduleRequest(
                name,
                TestHost.task("nothing").estimatedDuration(Duration.ofMillis(run)).build(),
                Recurrence.every(Duration.ofMillis(period)),
                Instant.now().plus(Duration.ofDays(1)),
                OverlapPolicy.SKIP,
                MisfirePolicy.RUN_ONCE,
                null,
                false);
    }

    @Test
    void schedulesThatNeedMoreThanThereIsAreTheMatterUntilTheyNeedLess() {
        Domain domain = host.domain("busy", Map.of("executor", Map.of("parallelism", 1)));
        TestHost.get(domain.createSchedule(schedule("half", 500, 1000)));
        assertThat(codes(domain)).isEmpty();
        Schedule most = TestHost.get(domain.createSchedule(schedule("most", 900, 1000)));
        assertThat(alerts.list(domain.id(), true, 100))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.code()).isEqualTo("DR-SCHED-0002");
                    assertThat(alert.message()).contains("need 1.4 processors, there are 1; ");
                    assertThat(alert.details()).containsEntry("available", 1.0);
                });
        TestHost.get(domain.configure(TestHost.patch("executor", Map.of("parallelism", 2)), null));
        assertThat(codes(domain)).as("as many processors as it needs").isEmpty();
        TestHost.get(domain.configure(TestHost.patch("executor", Map.of("parallelism", 1)), null));
        assertThat(codes(domain)).containsExactly("DR-SCHED-0002");
        TestHost.get(domain.deleteSchedule(most.id(), "admin"));
        assertThat(codes(domain)).isEmpty();
    }

    @Test
    void aDomainThatCannotSwapSaysSoUntilItNeedNot() {
        Domain domain =
                host.domain(
                        "swaps",
                        Map.of(
                                "memory",
                                Map.of(
                                        "poolSize",
                                        4 << 20,
                                        "allocationType",
                                        "FIRST_FIT",
                                        "swapPolicy",
                                        "LRU")));
        assertThat(codes(domain)).contains("DR-SWAP-0001");
        TestHost.get(
                domain.configure(TestHost.patch("memory", Map.of("swapPolicy", "NONE")), null));
        assertThat(codes(domain)).isEmpty();
    }

    @Test
    void aDomainThatIsStoppedHasNothingTheMatter() {
        Domain domain = host.domain("rests", Map.of("scheduler", Map.of("policy", "PRIORITY")));
        TestHost.get(
                catalogue.eject(
                        PluginKind.SCHEDULING_POLICY, "PRIORITY", domain.id(), "test", "admin"));
        assertThat(codes(domain)).containsExactly("DR-SCHED-0001");
        assertThat(alerts.list(null, true, 100))
                .as("kept away from one domain, it is in the hands of the others")
                .hasSize(1);
        TestHost.get(domain.stop(false));
        assertThat(domain.state().status()).isEqualTo(RuntimeStatus.STOPPED);
        assertThat(codes(domain)).isEmpty();
    }

    @Test
    void whatTheHealthTellsIsTheMatterOfTheHost() throws Exception {
        watch(null, "DR-HOST-0003");
        host.domains.provision(List.of(ProvisionedFiles.file("malformed.json", "{\"config\": ")));
        Alert raised = next();
        assertThat(raised.domain()).isNull();
        assertThat(raised.details()).containsEntry("component", "file:malformed.json");
    }
}
