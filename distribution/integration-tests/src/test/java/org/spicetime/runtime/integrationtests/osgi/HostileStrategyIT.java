// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/** A strategy that breaks its contract is ejected; what tasks hold stays theirs. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class HostileStrategyIT {

    private static final int WORKERS = 2;
    private static final int TASKS = 80;
    private static final long LIMIT_SECONDS = 60;

    @Service BundleContext context;
    @Service Domains domains;
    @Service Catalogue catalogue;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OVERLAPS",
                "LEAVES",
                "STRAYS",
                "SHORTENS",
                "REUSES",
                "LIES",
                "INVENTS",
                "HIDES",
                "NEGATIVE",
                "MISALIGNS",
                "BABBLES",
                "THROWS",
                "OVERFLOWS",
                "EXHAUSTS",
                "LOSES",
                "SPINS",
                "WAITS",
                "CRAWLS",
                "GORGES"
            })
    void aHostileStrategyIsEjectedAndNoBlockIsDamaged(String kind) throws Exception {
        HostileStrategies hostile = HostileStrategies.valueOf(kind);
        String id = kind.toLowerCase(Locale.ROOT);
        ServiceRegistration<?> offered =
                context.registerService(AllocationStrategyFactory.class, hostile, null);
        try (HoldingHandler handler = HoldingHandler.register(context, "holding." + id, WORKERS);
                HoldingHandler quiet = HoldingHandler.register(context, "beside." + id, 1);
                DomainProbe domain =
                        DomainProbe.create(
                                domains, "overlap-" + id, "FIFO", hostile.descriptor().name());
                DomainProbe neighbour =
                        DomainProbe.create(domains, "beside-" + id, "FIFO", "TLSF")) {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                tasks.add(domain.schedule(handler.request()));
            }
            Task beside = neighbour.schedule(quiet.request());
            handler.awaitAllHold();
            quiet.awaitAllHold();
            HostileStrategies.arm(true);
            assertThat(domain.domain().resources().memory().used()).isPositive();
            DomainProbe.done(domain.domain().collectGarbage(true));
            handler.letGo();
            for (Task task : tasks) {
                Task ended = domain.awaitEnd(task);
                assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
            }
            DomainState after =
                    domain.awaitState(
                            "on FIRST_FIT", state -> state.activeAllocator().equals("FIRST_FIT"));
            assertThat(after.status()).isEqualTo(RuntimeStatus.DEGRADED);
            requireBlame(after.allocatorEjection(), hostile);
            requireIncident(after.allocatorEjection(), hostile);
            tellDetection(after.allocatorEjection(), hostile);
            domain.awaitEnded(TASKS);
            assertThat(domain.domain().resources().memory().used()).isZero();

            quiet.letGo();
            assertThat(neighbour.awaitEnd(beside).phase()).isEqualTo(TaskPhase.COMPLETED);
            assertThat(neighbour.domain().metrics().ejections()).isZero();
            assertThat(neighbour.state().activeAllocator()).isEqualTo("TLSF");
            assertThat(neighbour.state().status()).isEqualTo(RuntimeStatus.RUNNING);
        } finally {
            HostileStrategies.arm(false);
            offered.unregister();
        }
    }

    @Test
    void anOperatorTakesAStrategyOutWithLiveBlocksAndBackAgain() throws Exception {
        try (HoldingHandler handler =
                        HoldingHandler.register(context, "holding.operator", WORKERS);
                DomainProbe domain = DomainProbe.create(domains, "operator", "FIFO", "BUDDY")) {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                tasks.add(domain.schedule(handler.request()));
            }
            handler.awaitAllHold();
            List<Ejection> ejections =
                    catalogue
                            .eject(
                                    PluginKind.ALLOCATOR,
                                    "BUDDY",
                                    domain.domain().id(),
                                    "a test",
                                    "tester")
                            .toCompletableFuture()
                            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(ejections)
                    .extracting(Ejection::reason)
                    .containsExactly(EjectionReason.OPERATOR);
            assertThat(domain.state().activeAllocator()).isEqualTo("FIRST_FIT");
            handler.letGo();
            for (Task task : tasks) {
                Task ended = domain.awaitEnd(task);
                assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
            }
            assertThat(domain.domain().resources().memory().used()).isZero();
            catalogue
                    .reinstate(PluginKind.ALLOCATOR, "BUDDY", "tester")
                    .toCompletableFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            domain.awaitState("on BUDDY", state -> state.activeAllocator().equals("BUDDY"));
        }
    }

    private void requireIncident(@Nullable Ejection ejection, HostileStrategies hostile) {
        CatalogueEntry.Facts facts =
                catalogue.allocators().stream()
                        .map(CatalogueEntry::facts)
                        .filter(one -> one.name().equals(hostile.descriptor().name()))
                        .findFirst()
                        .orElseThrow();
        assertThat(facts.state()).isEqualTo(CatalogueState.QUARANTINED);
        assertThat(facts.ejections()).contains(ejection);
    }

    private static void tellDetection(@Nullable Ejection ejection, HostileStrategies hostile) {
        Instant since = HostileStrategies.brokenSince();
        if (ejection != null && since != null) {
            System.out.printf(
                    Locale.ROOT,
                    "ejection of a strategy: %s %s detected in %.3f ms (budget: %s), replaced in"
                            + " %.3f ms%n",
                    hostile,
                    ejection.reason(),
                    Duration.between(since, ejection.timestamp()).toNanos() / 1e6,
                    switch (ejection.reason()) {
                        case HUNG -> "none: 30 ms of processor time come first";
                        case SLOW -> "none: judged over several calls";
                        default -> "10 ms, once the host is warm";
                    },
                    ejection.switchTime().toNanos() / 1e6);
        }
    }

    private static void requireBlame(@Nullable Ejection ejection, HostileStrategies hostile) {
        assertThat(ejection).isNotNull();
        assertThat(ejection.reason()).as(ejection.message()).isIn(hostile.reasons());
        assertThat(ejection.bundle()).isEqualTo("probe");
        assertThat(ejection.bundleVersion()).isNotBlank();
        assertThat(ejection.version()).isEqualTo("1.0.0");
        assertThat(ejection.replacedBy()).isEqualTo("FIRST_FIT");
        assertThat(ejection.report())
                .extractingByKey("lastCalls", InstanceOfAssertFactories.LIST)
                .isNotEmpty();
    }
}
