// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.LIMIT;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

/** A policy that breaks its contract is ejected; its tasks run, its neighbours notice nothing. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class HostilePolicyIT {

    private static final int TASKS = 600;
    private static final int WORKERS = 2;

    @Service BundleContext context;
    @Service Domains domains;

    @Service Catalogue catalogue;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "THROWS",
                "OVERFLOWS",
                "KEY_THROWS",
                "LOSES",
                "HIDES",
                "MISCOUNTS",
                "DOUBLES",
                "STALLS",
                "STARVES",
                "SPINS",
                "KEY_SPINS",
                "SLEEPS",
                "CRAWLS",
                "GORGES",
                "EXHAUSTS"
            })
    void aHostilePolicyIsEjectedAndEveryTaskRunsOnce(String kind) throws Exception {
        HostilePolicies hostile = HostilePolicies.valueOf(kind);
        String id = kind.toLowerCase(Locale.ROOT).replace('_', '-');
        ServiceRegistration<?> offered =
                context.registerService(SchedulingPolicyFactory.class, hostile, null);
        try (CountingHandler handler =
                        CountingHandler.register(context, "hostile." + id, TASKS, WORKERS);
                CountingHandler quiet = CountingHandler.register(context, "quiet." + id, TASKS, 0);
                DomainProbe domain =
                        DomainProbe.create(
                                domains, "hostile-" + id, hostile.descriptor().name(), "TLSF");
                DomainProbe neighbour = DomainProbe.create(domains, "quiet-" + id, "EDF", "TLSF")) {
            assertThat(domain.state().activePolicy()).isEqualTo(hostile.descriptor().name());
            domain.schedule(handler, 0, TASKS / 2);
            handler.awaitGates();
            HostilePolicies.arm(true);
            if (hostile == HostilePolicies.STARVES) {
                // A task starves only if those that come later are preferred.
                handler.openGate();
                await("all but one task")
                        .atMost(LIMIT)
                        .until(() -> domain.domain().metrics().tasksPending() <= 1);
            }
            domain.schedule(handler, TASKS / 2, TASKS);
            neighbour.schedule(quiet, 0, TASKS);
            handler.openGate();

            handler.awaitAllRan(LIMIT);
            handler.requireEachRanOnce();
            domain.awaitEnded(TASKS);
            DomainState after =
                    domain.awaitState(
                            "on SAFE_FIFO", state -> state.activePolicy().equals("SAFE_FIFO"));
            assertThat(after.status()).isEqualTo(RuntimeStatus.DEGRADED);
            assertThat(after.config().scheduler().policy()).isEqualTo(hostile.descriptor().name());
            requireBlame(after.policyEjection(), hostile);
            tellDetection(after.policyEjection(), hostile);
            assertThat(domain.domain().metrics().ejections()).isPositive();

            quiet.awaitAllRan(LIMIT);
            quiet.requireEachRanOnce();
            assertThat(neighbour.awaitEnded(TASKS).ejections()).isZero();
            assertThat(neighbour.state().status()).isEqualTo(RuntimeStatus.RUNNING);
            assertThat(neighbour.state().activePolicy()).isEqualTo("EDF");
        } finally {
            HostilePolicies.arm(false);
            offered.unregister();
        }
    }

    @Test
    void aPolicyThatFailsItsTrialNeverTakesTheQueue() throws Exception {
        HostilePolicies hostile = HostilePolicies.DOUBLES;
        ServiceRegistration<?> offered =
                context.registerService(SchedulingPolicyFactory.class, hostile, null);
        String name = hostile.descriptor().name();
        // Another test may have had it quarantined.
        DomainProbe.done(catalogue.reinstate(PluginKind.SCHEDULING_POLICY, name, "tester"));
        HostilePolicies.arm(true);
        try (CountingHandler handler =
                        CountingHandler.register(context, "hostile.trial", TASKS, WORKERS);
                DomainProbe domain = DomainProbe.create(domains, "trial", "EDF", "TLSF")) {
            domain.schedule(handler, 0, TASKS);
            handler.awaitGates();
            assertThatThrownBy(() -> domain.configure("scheduler", Map.of("policy", name)))
                    .hasMessageContaining("failed its trial");
            assertThat(domain.state().activePolicy()).isEqualTo("EDF");
            assertThat(domain.state().status()).isEqualTo(RuntimeStatus.RUNNING);
            CatalogueEntry.Facts facts =
                    catalogue.policies().stream()
                            .map(CatalogueEntry::facts)
                            .filter(one -> one.name().equals(name))
                            .findFirst()
                            .orElseThrow();
            assertThat(facts.state()).isEqualTo(CatalogueState.QUARANTINED);
            assertThat(facts.ejections().getFirst().reason())
                    .isEqualTo(EjectionReason.INVALID_RESULT);
            handler.openGate();
            handler.awaitAllRan(LIMIT);
            handler.requireEachRanOnce();
        } finally {
            HostilePolicies.arm(false);
            offered.unregister();
        }
    }

    @Test
    void anOperatorTakesAPolicyOutUnderLoadAndBackAgain() throws Exception {
        try (CountingHandler handler =
                        CountingHandler.register(context, "hostile.operator", TASKS, WORKERS);
                DomainProbe domain = DomainProbe.create(domains, "operator", "PRIORITY", "TLSF")) {
            domain.schedule(handler, 0, TASKS);
            handler.awaitGates();
            List<Ejection> ejections =
                    catalogue
                            .eject(
                                    PluginKind.SCHEDULING_POLICY,
                                    "PRIORITY",
                                    domain.domain().id(),
                                    "a test",
                                    "tester")
                            .toCompletableFuture()
                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(ejections)
                    .extracting(Ejection::reason)
                    .containsExactly(EjectionReason.OPERATOR);
            assertThat(domain.state().activePolicy()).isEqualTo("SAFE_FIFO");
            handler.openGate();
            handler.awaitAllRan(LIMIT);
            handler.requireEachRanOnce();
            catalogue
                    .reinstate(PluginKind.SCHEDULING_POLICY, "PRIORITY", "tester")
                    .toCompletableFuture()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            domain.awaitState("on PRIORITY", state -> state.activePolicy().equals("PRIORITY"));
        }
    }

    /** What the design allows from the first wrong step to the incident, in milliseconds. */
    private static String budget(EjectionReason reason) {
        return switch (reason) {
            case EXCEPTION, INVALID_RESULT, LOST -> "1 ms, once the host is warm";
            case HUNG -> "100 ms";
            case STARVATION -> "twice the bound that the policy declares";
            case SLOW, RESOURCE_ABUSE -> "none: judged over several calls";
            case BUNDLE_GONE, OPERATOR -> "none";
        };
    }

    private static void tellDetection(@Nullable Ejection ejection, HostilePolicies hostile) {
        Instant since = HostilePolicies.brokenSince();
        if (ejection != null && since != null) {
            System.out.printf(
                    Locale.ROOT,
                    "ejection %s %s detected in %.3f ms (budget: %s), replaced in %.3f ms%n",
                    hostile,
                    ejection.reason(),
                    Duration.between(since, ejection.timestamp()).toNanos() / 1e6,
                    budget(ejection.reason()),
                    ejection.switchTime().toNanos() / 1e6);
        }
    }

    private static void requireBlame(@Nullable Ejection ejection, HostilePolicies hostile) {
        assertThat(ejection).isNotNull();
        assertThat(ejection.reason()).as(ejection.message()).isIn(hostile.reasons());
        assertThat(ejection.bundle()).isEqualTo("probe");
        assertThat(ejection.bundleVersion()).isNotBlank();
        assertThat(ejection.version()).isEqualTo("1.0.0");
        assertThat(ejection.replacedBy()).isEqualTo("SAFE_FIFO");
        assertThat(ejection.message()).isNotBlank();
        assertThat(ejection.report()).containsKey("queue");
        assertThat(ejection.report())
                .extractingByKey("lastCalls", InstanceOfAssertFactories.LIST)
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(256);
    }
}
