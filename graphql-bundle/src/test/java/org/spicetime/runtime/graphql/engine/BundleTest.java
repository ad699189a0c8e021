// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.catalogue.DeployedBundle.State;
import org.spicetime.runtime.api.scheduler.Ordering;

class BundleTest {
    private static final String UPDATES =
            "subscription { bundleUpdated { symbolicName state contributions { name } } }";

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static String name(Map<String, ?> item) {
        return at(item, "data.bundleUpdated.symbolicName")
                + " "
                + at(item, "data.bundleUpdated.state");
    }

    @Test
    void aBundleTellsWhatItContributesAndAnEntryItsBundle() {
        Map<String, ?> told =
                bench.data(
                        "{ bundles { id symbolicName version state core sha256 contributions {"
                                + " __typename name } schemaCoordinates problems }"
                                + " schedulingPolicies { name bundle { symbolicName } } }");
        assertThat(at(told, "bundles.0.id")).isEqualTo("bundle:bundle.EDF:1.0.0");
        assertThat(at(told, "bundles.0.contributions"))
                .isEqualTo(List.of(Map.of("__typename", "SchedulingPolicyInfo", "name", "EDF")));
        assertThat(at(told, "bundles.1.contributions.0.__typename")).isEqualTo("TaskHandlerInfo");
        assertThat(at(told, "schedulingPolicies.0.bundle.symbolicName")).isEqualTo("bundle.EDF");
        assertThat(at(told, "schedulingPolicies.1.bundle")).isNull();
        assertThat(
                        bench.data(
                                "{ nodes(ids: [\"bundle:bundle.EDF:1.0.0\", \"bundle:x\"]) { id"
                                        + " __typename } }"))
                .asString()
                .contains("__typename=Bundle", "null]");
    }

    @Test
    void aPolicyTellsHowLongATaskCanBePassedOverInAQueueOfSomeLength() {
        Map<String, ?> told =
                bench.data(
                        "{ schedulingPolicies { name starvationBound"
                                + " many: starvationBound(queued: 1000) } }");
        assertThat(at(told, "schedulingPolicies.0.starvationBound")).as("no promise").isNull();
        assertThat(at(told, "schedulingPolicies.1.name")).isEqualTo("FIFO");
        assertThat(at(told, "schedulingPolicies.1.starvationBound")).isEqualTo(203);
        assertThat(at(told, "schedulingPolicies.1.many")).isEqualTo(2003);
        assertThat(bench.error("{ schedulingPolicies { starvationBound(queued: -1) } }"))
                .asString()
                .contains("queued", "0 .. 1000000");
    }

    @Test
    void eachBundleIsToldOnceThenEveryChangeOfOne() {
        Probe probe = new Probe();
        ((Outcome.Stream) bench.ask(UPDATES)).responses().subscribe(probe);
        probe.request(100);
        assertThat(name(probe.next())).isEqualTo("bundle.EDF ACTIVE");
        assertThat(name(probe.next())).isEqualTo("bundle.digest ACTIVE");
        probe.expectNothing();
        bench.bundles.put("acme", State.INSTALLED);
        assertThat(name(probe.next())).isEqualTo("acme INSTALLED");
        bench.bundles.put("acme", State.INSTALLED);
        probe.expectNothing();
        bench.bundles.remove("acme");
        assertThat(name(probe.next())).isEqualTo("acme UNINSTALLED");

        bench.host.policies.set(0, FakeHost.policy("EDF", Ordering.RELAXED));
        bench.host.catalogueWatches.forEach(Runnable::run);
        assertThat(name(probe.next())).isEqualTo("bundle.EDF ACTIVE");
        probe.expectNothing();
        int watches = bench.host.catalogueWatches.size();
        probe.cancel();
        assertThat(bench.bundles.listeners).isEmpty();
        assertThat(bench.host.catalogueWatches).hasSize(watches - 1);
    }
}
