// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.spicetime.runtime.integrationtests.osgi.DomainProbe.LIMIT;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

/** A plugin that was ejected stays away when the host starts again. */
@OsgiIT
@SuppressWarnings("NullAway.Init")
class QuarantineIT {

    private static final int TASKS = 200;

    @Service BundleContext context;
    @Service Domains domains;

    @Test
    void aRestartRemembersTheQuarantineAndItsReason() throws Exception {
        HostilePolicies hostile = HostilePolicies.THROWS;
        String name = hostile.descriptor().name();
        ServiceRegistration<?> offered =
                context.registerService(SchedulingPolicyFactory.class, hostile, null);
        try {
            try (CountingHandler handler =
                            CountingHandler.register(context, "quarantine", TASKS, 0);
                    DomainProbe domain = DomainProbe.create(domains, "quarantine", name, "TLSF")) {
                HostilePolicies.arm(true);
                domain.schedule(handler, 0, TASKS);
                handler.awaitAllRan(LIMIT);
            } finally {
                HostilePolicies.arm(false);
            }
            Bundle core =
                    Arrays.stream(context.getBundles())
                            .filter(one ->
                                    "org.spicetime.runtime.core".equals(one.getSymbolicName()))
                            .findFirst()
                            .orElseThrow();
            core.stop();
            core.start();

            ServiceTracker<Catalogue, Catalogue> tracker =
                    new ServiceTracker<>(context, Catalogue.class, null);
            tracker.open();
            try {
                Catalogue catalogue = tracker.waitForService(LIMIT.toMillis());
                assertThat(catalogue).isNotNull();
                await("the policy is listed again")
                        .atMost(LIMIT)
                        .until(() ->
                                catalogue.policies().stream()
                                        .anyMatch(one -> one.facts().name().equals(name)));
                CatalogueEntry.Facts facts =
                        catalogue.policies().stream()
                                .map(CatalogueEntry::facts)
                                .filter(one -> one.name().equals(name))
                                .findFirst()
                                .orElseThrow();
                assertThat(facts.state()).isEqualTo(CatalogueState.QUARANTINED);
                assertThat(facts.quarantinedUntil()).isNotNull();
                assertThat(facts.bundle()).isEqualTo("probe");
                Ejection incident = facts.ejections().getFirst();
                assertThat(incident.reason()).isEqualTo(EjectionReason.EXCEPTION);
                assertThat(incident.message()).contains("hostile");
                assertThat(incident.report()).containsKeys("lastCalls", "queue");
                assertThat(catalogue.ejections()).contains(incident);
            } finally {
                tracker.close();
            }
        } finally {
            offered.unregister();
        }
    }
}
