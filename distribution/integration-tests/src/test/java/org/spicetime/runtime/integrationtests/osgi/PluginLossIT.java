// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.LIMIT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/** A bundle may go while its plugin is at work: nothing is lost, and its return is noticed. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class PluginLossIT {

    private static final int TASKS = 2000;
    private static final int WORKERS = 2;

    @Service BundleContext context;
    @Service Domains domains;
    @Service Catalogue catalogue;

    @Test
    void aPolicyThatGoesUnderLoadLosesNoTaskAndComesBack() throws Exception {
        Bundle bundle = bundle("org.spicetime.runtime.scheduler.fixedpriority");
        try (CountingHandler handler =
                        CountingHandler.register(context, "loss.policy", TASKS, WORKERS);
                DomainProbe domain =
                        DomainProbe.create(domains, "loss-policy", "PRIORITY", "TLSF")) {
            domain.schedule(handler, 0, TASKS / 2);
            handler.awaitGates();

            bundle.stop();
            DomainState without = domain.awaitState("on SAFE_FIFO", PluginLossIT::onSafeFifo);
            assertThat(without.status()).isEqualTo(RuntimeStatus.DEGRADED);
            assertThat(without.config().scheduler().policy()).isEqualTo("PRIORITY");
            assertThat(reasonOf(without.policyEjection())).isEqualTo(EjectionReason.BUNDLE_GONE);
            domain.schedule(handler, TASKS / 2, TASKS);
            handler.openGate();
            handler.awaitAllRan(LIMIT);
            handler.requireEachRanOnce();
            domain.awaitEnded(TASKS);

            bundle.start();
            DomainState recovered =
                    domain.awaitState(
                            "on PRIORITY again",
                            state ->
                                    state.activePolicy().equals("PRIORITY")
                                            && state.status() == RuntimeStatus.RUNNING);
            assertThat(recovered.policyEjection()).isNull();
        } finally {
            bundle.start();
        }
    }

    @Test
    void aPolicyThatComesAndGoesUnderLoadLosesNoTask() throws Exception {
        Bundle bundle = bundle("org.spicetime.runtime.scheduler.earliestdeadline");
        try (CountingHandler handler =
                        CountingHandler.register(context, "loss.flapping", TASKS * 2, 0);
                DomainProbe domain = DomainProbe.create(domains, "loss-flapping", "EDF", "TLSF")) {
            int step = TASKS / 10;
            for (int from = 0; from < TASKS * 2; from += step) {
                domain.schedule(handler, from, from + step);
                if (from / step % 2 == 0) {
                    bundle.stop();
                } else {
                    bundle.start();
                }
            }
            handler.awaitAllRan(LIMIT);
            handler.requireEachRanOnce();
            domain.awaitEnded(TASKS * 2);
        } finally {
            bundle.start();
        }
    }

    @Test
    void aStrategyThatGoesLeavesItsBlocksAndComesBack() throws Exception {
        Bundle bundle = bundle("org.spicetime.runtime.memory.tlsf");
        try (HoldingHandler handler = HoldingHandler.register(context, "loss.strategy", WORKERS);
                DomainProbe domain = DomainProbe.create(domains, "loss-strategy", "FIFO", "TLSF")) {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                tasks.add(domain.schedule(handler.request()));
            }
            handler.awaitAllHold();

            bundle.stop();
            DomainState without =
                    domain.awaitState(
                            "on FIRST_FIT", state -> state.activeAllocator().equals("FIRST_FIT"));
            assertThat(without.status()).isEqualTo(RuntimeStatus.DEGRADED);
            assertThat(reasonOf(without.allocatorEjection())).isEqualTo(EjectionReason.BUNDLE_GONE);
            handler.letGo();
            for (Task task : tasks) {
                Task ended = domain.awaitEnd(task);
                assertThat(ended.phase()).as("%s", ended.error()).isEqualTo(TaskPhase.COMPLETED);
            }

            bundle.start();
            domain.awaitState(
                    "on TLSF again",
                    state ->
                            state.activeAllocator().equals("TLSF")
                                    && state.status() == RuntimeStatus.RUNNING);
            MemoryMetrics pool = domain.domain().resources().memory();
            assertThat(pool.used()).isZero();
        } finally {
            bundle.start();
        }
    }

    @Test
    void theCatalogueKnowsWhatIsGone() throws BundleException {
        Bundle bundle = bundle("org.spicetime.runtime.scheduler.fifo");
        bundle.stop();
        try {
            assertThat(catalogue.policies())
                    .noneMatch(entry ->
                            entry.facts().name().equals("FIFO")
                                    && entry.facts().state() == CatalogueState.ACTIVE);
            assertThat(catalogue.policies())
                    .anyMatch(entry -> entry.facts().name().equals("SAFE_FIFO"));
        } finally {
            bundle.start();
        }
        assertThat(catalogue.policies())
                .anyMatch(entry ->
                        entry.facts().name().equals("FIFO")
                                && entry.facts().state() == CatalogueState.ACTIVE);
    }

    private static boolean onSafeFifo(DomainState state) {
        return state.activePolicy().equals("SAFE_FIFO");
    }

    private static EjectionReason reasonOf(@org.jspecify.annotations.Nullable Ejection ejection) {
        assertThat(ejection).isNotNull();
        return ejection.reason();
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }
}
