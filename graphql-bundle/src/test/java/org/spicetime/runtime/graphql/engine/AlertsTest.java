// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.alert.Alert;
import org.spicetime.runtime.api.alert.AlertListener;

class AlertsTest {
    private static final String UPDATES =
            "subscription($domain: ID) { alertUpdated(domainId: $domain) { code clearedAt } }";

    private final Bench bench = new Bench();
    private final FakeAlerts alerts = bench.host.alerts;

    @AfterEach
    void close() {
        bench.close();
    }

    private @Nullable Object codes(String arguments) {
        return bench.data("{ alerts" + arguments + " { code } }").get("alerts");
    }

    private static List<Map<String, String>> list(String... codes) {
        return List.of(codes).stream().map(code -> Map.of("code", code)).toList();
    }

    private Probe subscribe(Map<String, @Nullable Object> variables) {
        Probe probe = new Probe();
        ((Outcome.Stream) bench.ask(UPDATES, variables)).responses().subscribe(probe);
        return probe;
    }

    private AlertListener listener() {
        return alerts.watchers.getFirst().listener();
    }

    @Test
    void anAlertIsToldInFull() {
        Map<String, ?> data =
                bench.data(
                        "{ alerts { id code severity domainId message details raisedAt clearedAt } }");
        assertThat(at(data, "alerts.0.id")).isEqualTo(FakeAlerts.OF_DOMAIN.id().toString());
        assertThat(at(data, "alerts.0.severity")).isEqualTo("WARNING");
        assertThat(at(data, "alerts.0.domainId")).isEqualTo("ethical-scoring");
        assertThat(at(data, "alerts.0.details"))
                .isEqualTo(Map.of("blocks", 2L, "names", List.of("a", "b")));
        assertThat(at(data, "alerts.0.raisedAt")).isEqualTo("2026-01-31T12:00:00.000Z");
        assertThat(at(data, "alerts.0.clearedAt")).isNull();
        assertThat(at(data, "alerts.1.domainId")).isNull();
        assertThat(at(data, "alerts.1.details")).isNull();
    }

    @Test
    void theListIsAsWideAsWanted() {
        assertThat(codes("")).isEqualTo(list("DR-SCHED-0001", "DR-HOST-0001"));
        assertThat(codes("(active: false)"))
                .isEqualTo(list("DR-MEM-0001", "DR-SCHED-0001", "DR-HOST-0001"));
        assertThat(codes("(active: false, first: 1)")).isEqualTo(list("DR-MEM-0001"));
        assertThat(codes("(first: 0)")).isEqualTo(list());
        assertThat(codes("(domainId: \"ethical-scoring\")")).isEqualTo(list("DR-SCHED-0001"));
        assertThat(codes("(domainId: \"content-processing\")")).isEqualTo(list());
        assertThat(codes("(domainId: \"gone\", active: false)"))
                .as("what is known of a domain that is deleted")
                .isEqualTo(list("DR-MEM-0001"));
    }

    @Test
    void whatCannotBeListedIsRefused() {
        for (String id : List.of("nobody", "not an id")) {
            assertThat(
                            at(
                                    bench.response(
                                            "{ alerts(domainId: \"" + id + "\") { code } }",
                                            Map.of()),
                                    "errors.0.extensions.code"))
                    .as(id)
                    .isEqualTo("NOT_FOUND");
        }
        for (int first : List.of(-1, 501)) {
            assertThat(
                            at(
                                    bench.response(
                                            "{ alerts(first: " + first + ") { code } }", Map.of()),
                                    "errors.0.extensions"))
                    .as("first: %s", first)
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("code", "BAD_USER_INPUT")
                    .containsEntry("range", "0 .. 500");
        }
    }

    @Test
    void whatHoldsIsToldAtOnceAndThenEachChange() {
        Probe probe = subscribe(Map.of());
        probe.request(100);
        assertThat(at(probe.next(), "data.alertUpdated.code")).isEqualTo("DR-HOST-0001");
        assertThat(at(probe.next(), "data.alertUpdated.code")).isEqualTo("DR-SCHED-0001");
        listener().changed(FakeAlerts.CLEARED);
        Map<String, ?> cleared = probe.next();
        assertThat(at(cleared, "data.alertUpdated.code")).isEqualTo("DR-MEM-0001");
        assertThat(at(cleared, "data.alertUpdated.clearedAt")).isNotNull();
        probe.cancel();
        assertThat(alerts.watchers).isEmpty();
    }

    @Test
    void aSlowReaderIsToldHowManyItMissed() {
        Probe probe = subscribe(Map.of());
        Alert one = FakeAlerts.alert(9, "DR-SWAP-0001", null, null);
        for (int i = 0; i < 1030; i++) listener().changed(one);
        probe.request(1);
        Map<String, ?> first = probe.next();
        assertThat(at(first, "data.alertUpdated.code")).isEqualTo("DR-SWAP-0001");
        assertThat(at(first, "extensions.skipped")).isEqualTo(8L);
    }

    @Test
    void theStreamOfADomainEndsWithIt() {
        Probe probe = subscribe(Map.of("domain", "ethical-scoring"));
        probe.request(100);
        assertThat(at(probe.next(), "data.alertUpdated.code")).isEqualTo("DR-SCHED-0001");
        listener()
                .changed(
                        FakeAlerts.alert(
                                2, "DR-SCHED-0001", null, FakeDomain.CREATED.plusSeconds(1)));
        listener().deleted();
        assertThat(at(probe.next(), "data.alertUpdated.clearedAt")).isNotNull();
        probe.awaitCompletion();
        assertThat(alerts.watchers).isEmpty();
    }

    @Test
    void aDomainThatNobodyKnowsHasNoStream() {
        assertThat(
                        at(
                                bench.response(UPDATES, Map.of("domain", "nobody")),
                                "errors.0.extensions.code"))
                .isEqualTo("NOT_FOUND");
        assertThat(alerts.watchers).isEmpty();
    }
}
