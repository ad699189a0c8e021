// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.LIMIT;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "THROWS",
                "OVERFLOWS",
                "LOSES",
                "HIDES",
                "DOUBLES",
                "MISCOUNTS",
                "STALLS",
                "KEY_THROWS"
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
            domain.schedule(handler, 0, TASKS);
            neighbour.schedule(quiet, 0, TASKS);
            handler.awaitGates();
            handler.openGate();

            handler.awaitAllRan(LIMIT);
            handler.requireEachRanOnce();
            domain.awaitEnded(TASKS);
            DomainState after =
                    domain.awaitState(
                            "on SAFE_FIFO", state -> state.activePolicy().equals("SAFE_FIFO"));
            assertThat(after.status()).isEqualTo(RuntimeStatus.DEGRADED);
            assertThat(after.config().scheduler().policy()).isEqualTo(hostile.descriptor().name());
            requireBlame(after.policyEjection());
            assertThat(domain.domain().metrics().ejections()).isPositive();

            quiet.awaitAllRan(LIMIT);
            quiet.requireEachRanOnce();
            assertThat(neighbour.awaitEnded(TASKS).ejections()).isZero();
            assertThat(neighbour.state().status()).isEqualTo(RuntimeStatus.RUNNING);
            assertThat(neighbour.state().activePolicy()).isEqualTo("EDF");
        } finally {
            offered.unregister();
        }
    }

    private static void requireBlame(@org.jspecify.annotations.Nullable Ejection ejection) {
        assertThat(ejection).isNotNull();
        assertThat(ejection.bundle()).isEqualTo("probe");
        assertThat(ejection.reason())
                .isIn(
                        EjectionReason.EXCEPTION,
                        EjectionReason.LOST,
                        EjectionReason.INVALID_RESULT,
                        EjectionReason.STARVATION);
        assertThat(ejection.replacedBy()).isEqualTo("SAFE_FIFO");
        assertThat(ejection.message()).isNotBlank();
    }
}
