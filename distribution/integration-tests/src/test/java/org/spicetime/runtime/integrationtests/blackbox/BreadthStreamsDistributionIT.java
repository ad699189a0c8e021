// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The streams beyond the API document, over WebSocket against the assembled host. */
@ExtendWith(SharedHost.class)
class BreadthStreamsDistributionIT {

    private static final String CHANGES =
            "subscription($id: ID!, $after: String, $filter: TaskFilter) { domainTaskChanges(domainId:"
                    + " $id, after: $after, filter: $filter) { cursor taskId kind task { phase } } }";

    @Test
    void changesGoOnWhereTheListEndsAndWhereTheConnectionBroke(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-changes")) {
            String asOf =
                    client.data(
                                    "{ domain(id: \""
                                            + domain.id()
                                            + "\") { tasksConnection { asOf } } }")
                            .at("/domain/tasksConnection/asOf")
                            .asText();
            Map<String, Object> later = Map.of("runAt", "2099-01-01T00:00:00Z");
            String one = client.schedule(domain.task(later));
            String two = client.schedule(domain.task(later));
            String cursor;
            try (Subscription changes =
                    client.subscribe(CHANGES, Map.of("id", domain.id(), "after", asOf))) {
                JsonNode first = changes.next().path("domainTaskChanges");
                assertThat(first.path("taskId").asText()).isEqualTo(one);
                assertThat(first.path("kind").asText()).isEqualTo("UPSERT");
                assertThat(first.at("/task/phase").asText()).isEqualTo("SCHEDULED");
                cursor = first.path("cursor").asText(asOf);
            }
            try (Subscription changes =
                    client.subscribe(CHANGES, Map.of("id", domain.id(), "after", cursor))) {
                Set<String> told = new TreeSet<>();
                while (!told.contains(two)) {
                    told.add(changes.next().at("/domainTaskChanges/taskId").asText());
                }
                client.data("mutation { cancelTask(taskId: \"" + one + "\") { phase } }");
                assertThat(changes.next().at("/domainTaskChanges/task/phase").asText())
                        .isEqualTo("CANCELLED");
            }
            Map<String, Object> scheduled = new HashMap<>();
            scheduled.put("id", domain.id());
            scheduled.put("filter", Map.of("phase", List.of("SCHEDULED")));
            scheduled.put("after", cursor);
            try (Subscription changes = client.subscribe(CHANGES, scheduled)) {
                Map<String, String> kinds = new HashMap<>();
                while (kinds.size() < 2) {
                    JsonNode change = changes.next().path("domainTaskChanges");
                    kinds.put(change.path("taskId").asText(), change.path("kind").asText());
                }
                assertThat(kinds).containsEntry(one, "LEFT_FILTER").containsEntry(two, "UPSERT");
            }
        }
    }

    @Test
    void aCursorOfAnotherLifeOfTheDomainHasExpired(GraphQl client) {
        String asOf;
        try (DomainOfTest before = DomainOfTest.create(client, "breadth-lives")) {
            asOf =
                    client.data(
                                    "{ domain(id: \""
                                            + before.id()
                                            + "\") { tasksConnection { asOf } } }")
                            .at("/domain/tasksConnection/asOf")
                            .asText();
        }
        try (DomainOfTest after = DomainOfTest.create(client, "breadth-lives");
                Subscription changes =
                        client.subscribe(CHANGES, Map.of("id", after.id(), "after", asOf));
                Subscription foreign =
                        client.subscribe(CHANGES, Map.of("id", after.id(), "after", "no cursor"))) {
            assertThat(changes.refusal().at("/0/extensions/code").asText())
                    .isEqualTo("CURSOR_EXPIRED");
            assertThat(foreign.refusal().at("/0/extensions/code").asText())
                    .isEqualTo("BAD_USER_INPUT");
        }
    }

    @Test
    void theLogIsToldAsItIsWritten(GraphQl client, HostProcess host) throws InterruptedException {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-log");
                Subscription log =
                        client.subscribe(
                                "subscription { logAppended(filter: {level: INFO, contains: \"domain=breadth-log"
                                        + " is PAUSED\"}) { level logger message bundle skipped } }",
                                Map.of())) {
            CountDownLatch seen = new CountDownLatch(1);
            // Nothing tells when a stream of events has begun.
            Thread changes =
                    Thread.ofVirtual()
                            .start(() -> {
                                while (seen.getCount() > 0) {
                                    for (String change : List.of("pauseDomain", "resumeDomain")) {
                                        client.data(
                                                "mutation { %s(domainId: \"%s\") { status } }"
                                                        .formatted(change, domain.id()));
                                    }
                                }
                            });
            try {
                JsonNode record = log.next().path("logAppended");
                assertThat(record.path("level").asText()).isEqualTo("INFO");
                assertThat(record.path("logger").asText()).startsWith("org.spicetime.runtime.core");
            } finally {
                seen.countDown();
                changes.join();
            }
            JsonNode kept =
                    client.data(
                                    "{ logs(filter: {contains: \"breadth-log\"}, first: 1000) { message } }")
                            .path("logs");
            assertThat(kept.findValuesAsText("message"))
                    .isNotEmpty()
                    .allMatch(message -> message.contains("breadth-log"));
            assertThat(client.data("{ logs(first: 1000) { message } }").toString())
                    .doesNotContain(host.token());
        }
    }

    @Test
    void theLevelOfALoggerChangesWhileTheHostRuns(GraphQl client) {
        String set =
                "mutation($level: LogLevel) { setLogLevel(logger: \"org.example.mill\", level: $level) }";
        assertThat(client.data(set, Map.of("level", "DEBUG")).path("setLogLevel").asText())
                .isEqualTo("DEBUG");
        assertThat(client.data(set).path("setLogLevel").asText()).isEqualTo("INFO");
    }

    @Test
    void streamsOfADomainTellItsChangesAndEndAtOnceWhenItIsDeleted(GraphQl client) {
        Subscription updates;
        Subscription status;
        Subscription errors;
        Subscription alerts;
        Subscription changes;
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-watched")) {
            Map<String, Object> id = Map.of("id", domain.id());
            updates =
                    client.subscribe(
                            "subscription($id: ID!) { domainUpdated(domainId: $id) { name status"
                                    + " revision } }",
                            id);
            status =
                    client.subscribe(
                            "subscription($id: ID!) { domainStatusChanged(domainId: $id) }", id);
            errors =
                    client.subscribe(
                            "subscription($id: ID) { runtimeErrors(domainId: $id) { code domain } }",
                            id);
            alerts =
                    client.subscribe(
                            "subscription($id: ID!) { resourceAlert(domainId: $id, threshold: 0.9) {"
                                    + " id } }",
                            id);
            changes = client.subscribe(CHANGES, id);
            assertThat(updates.next().at("/domainUpdated/status").asText()).isEqualTo("RUNNING");
            assertThat(status.next().path("domainStatusChanged").asText()).isEqualTo("RUNNING");
            client.data(
                    "mutation { updateDomain(domainId: \""
                            + domain.id()
                            + "\", input: {name: \"New name\"}) { id } }");
            assertThat(updates.next().at("/domainUpdated/name").asText()).isEqualTo("New name");
            Map<String, Object> failing = domain.task(Map.of());
            failing.put("type", "IO");
            failing.put("payload", Map.of("path", "/proc/self/environ"));
            client.schedule(failing);
            assertThat(errors.next().at("/runtimeErrors/domain").asText()).isEqualTo(domain.id());
        }
        try (updates;
                status;
                errors;
                alerts;
                changes) {
            updates.awaitComplete();
            status.awaitComplete();
            errors.awaitComplete();
            alerts.awaitComplete();
            changes.awaitComplete();
        }
    }

    @Test
    void measurementsComeAtTheirPace(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-pace");
                Subscription frames =
                        client.subscribe(
                                "subscription($ids: [ID!]) { domainMetrics(domainIds: $ids, interval:"
                                        + " 250) { timestamp elapsed samples { domainId queueDepth"
                                        + " memoryUsed cpuUsage } } }",
                                Map.of("ids", List.of(domain.id())));
                Subscription host =
                        client.subscribe(
                                "subscription { hostMetrics(interval: 1000) { timestamp heapUsed } }",
                                Map.of())) {
            assertThat(frames.next().at("/domainMetrics/elapsed").isNull()).isTrue();
            for (int i = 0; i < 3; i++) {
                JsonNode frame = frames.next().path("domainMetrics");
                assertThat(frame.path("elapsed").asInt()).isPositive();
                assertThat(frame.at("/samples/0/domainId").asText()).isEqualTo(domain.id());
            }
            assertThat(host.next().at("/hostMetrics/heapUsed").asLong()).isPositive();
            assertThat(host.next().at("/hostMetrics/heapUsed").asLong()).isPositive();
        }
    }

    @Test
    void theHostTellsItsHealthItsSchemaAndItsBundles(GraphQl client) {
        try (Subscription health =
                        client.subscribe(
                                "subscription { systemHealthChanged { status components { name } } }",
                                Map.of());
                Subscription schema =
                        client.subscribe(
                                "subscription { schemaChanged { generation hash } }", Map.of());
                Subscription bundles =
                        client.subscribe(
                                "subscription { bundleUpdated { symbolicName state } }",
                                Map.of())) {
            assertThat(health.next().at("/systemHealthChanged/components").findValuesAsText("name"))
                    .isNotEmpty();
            JsonNode served = client.data("{ schemaInfo { hash } }").at("/schemaInfo/hash");
            JsonNode told = schema.next().at("/schemaChanged/hash");
            while (!told.equals(served)) {
                told = schema.next().at("/schemaChanged/hash");
            }
            Set<String> named = new TreeSet<>();
            while (!named.contains("org.spicetime.runtime.core")) {
                named.add(bundles.next().at("/bundleUpdated/symbolicName").asText());
            }
        }
    }
}
