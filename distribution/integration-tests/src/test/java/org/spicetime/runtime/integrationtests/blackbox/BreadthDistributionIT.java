// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is served beyond the API document does what it says on the assembled host. */
@ExtendWith(SharedHost.class)
class BreadthDistributionIT {

    private static final String ALERTS =
            "subscription($id: ID) { alertUpdated(domainId: $id) { id code severity message details"
                    + " clearedAt } }";
    private static final String FAR = "2099-01-01T00:00:00Z";

    @Test
    void everyFieldThatAQueryReachesIsAnswered(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-fields")) {
            String first = client.schedule(domain.task(Map.of()));
            client.awaitEnd(first, "id");
            String task =
                    client.schedule(
                            domain.task(Map.of("dependencies", List.of(Map.of("taskId", first)))));
            client.awaitEnd(task, "id");
            domain.schedule("fields", 3_600_000);
            String id = "(id: \"" + domain.id() + "\")";
            Map<String, String> roots = new HashMap<>();
            roots.put("domain", "domain" + id);
            roots.put("findDomain", "findDomain" + id);
            roots.put("node", "node" + id);
            roots.put("task", "task(id: \"" + task + "\")");
            roots.put("findTask", "findTask(id: \"" + task + "\")");
            roots.put("nodes", "nodes(ids: [\"" + task + "\", \"unknown\"])");
            roots.put("tasks", "tasks(domainId: \"" + domain.id() + "\")");
            roots.put("resourceUsage", "resourceUsage(domainId: \"" + domain.id() + "\")");
            Map<String, String> queries = FieldWalk.queries(ServedSchema.of(client), roots);
            assertThat(queries)
                    .containsKeys(
                            "DomainRuntime",
                            "TaskAttempt",
                            "TaskEvent",
                            "Schedule",
                            "ConfigRevision",
                            "ConfigOrigin",
                            "Bundle",
                            "HostMetrics",
                            "MetricsSample",
                            "TaskEdge",
                            "PageInfo");
            Map<String, String> failed = new LinkedHashMap<>();
            queries.forEach((type, query) -> {
                GraphQl.Answer answer = client.send(query, Map.of());
                if (answer.body().has("errors")) {
                    failed.put(type, query + " -> " + answer.text());
                }
            });
            assertThat(failed).isEmpty();
        }
    }

    @Test
    void domainsArePaged(GraphQl client) {
        try (DomainOfTest one = DomainOfTest.create(client, "breadth-page-1");
                DomainOfTest two = DomainOfTest.create(client, "breadth-page-2")) {
            List<String> ids = new ArrayList<>();
            @Nullable String after = null;
            JsonNode page;
            do {
                Map<String, Object> variables = new HashMap<>();
                variables.put("after", after);
                page =
                        client.data(
                                        "query($after: String) { domainsConnection(first: 1, after:"
                                                + " $after) { nodes { id } totalCount pageInfo {"
                                                + " hasNextPage endCursor } } }",
                                        variables)
                                .path("domainsConnection");
                ids.add(page.at("/nodes/0/id").asText());
                after = page.at("/pageInfo/endCursor").asText();
            } while (page.at("/pageInfo/hasNextPage").asBoolean());
            assertThat(ids).isSorted().doesNotHaveDuplicates().contains(one.id(), two.id());
        }
    }

    @Test
    void tasksArePagedInEveryOrderAndFoundByWhatTheyAre(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-tasks")) {
            for (int i = 0; i < 5; i++) {
                client.schedule(
                        domain.task(
                                Map.of(
                                        "runAt", FAR,
                                        "priority", 10 + i % 3,
                                        "name", "red fox " + i)));
            }
            for (String field : ServedSchema.of(client).enumValues("TaskOrderField")) {
                for (String direction : List.of("ASC", "DESC")) {
                    Map<String, Object> order = Map.of("field", field, "direction", direction);
                    List<String> forwards = domain.walk(order, true);
                    assertThat(forwards)
                            .as("%s %s", field, direction)
                            .hasSize(5)
                            .doesNotHaveDuplicates()
                            .isEqualTo(domain.walk(order, false));
                }
            }
            assertThat(domain.count("{search: \"fox RED\", phase: [SCHEDULED]}")).isEqualTo(5);
            assertThat(domain.count("{search: \"fox blue\"}")).isZero();
            assertThat(domain.count("{deadLetter: true}")).isZero();
            assertThat(domain.count("{scheduleIds: [\"schedule:none\"]}")).isZero();
        }
    }

    @Test
    void aTaskTellsWhatHappenedToIt(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-past")) {
            JsonNode task =
                    client.awaitEnd(
                            client.schedule(domain.task(Map.of("memory", 4 << 20))),
                            "status events { phase timestamp worker } attempts { number outcome"
                                    + " startedAt finishedAt host { id } log { message }"
                                    + " linesDropped } waits { reason open length }");
            assertThat(task.path("status").asText()).isEqualTo("COMPLETED");
            assertThat(task.path("events").findValuesAsText("phase"))
                    .contains("RUNNING")
                    .endsWith("COMPLETED");
            assertThat(task.path("attempts")).hasSize(1);
            assertThat(task.at("/attempts/0/outcome").asText()).isEqualTo("COMPLETED");
            assertThat(task.at("/attempts/0/host/id"))
                    .isEqualTo(client.data("{ host { id } }").at("/host/id"));
            assertThat(task.path("waits").findValuesAsText("open")).doesNotContain("true");
        }
    }

    @Test
    void manyTasksAreCancelledTriedAgainAndPurgedAtOnce(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-bulk")) {
            client.data("mutation { pauseDomain(domainId: \"" + domain.id() + "\") { id } }");
            for (int i = 0; i < 3; i++) {
                client.schedule(domain.task(Map.of("labels", Map.of("bulk", "yes"))));
            }
            String filter = "filter: {labels: {bulk: \"yes\"}}";
            JsonNode rehearsal = domain.bulk("cancelTasks", filter + ", dryRun: true");
            assertThat(rehearsal.path("matched").asInt()).isEqualTo(3);
            assertThat(rehearsal.path("changed").asInt()).isZero();
            JsonNode done = domain.bulk("cancelTasks", filter + ", reason: \"not needed\"");
            assertThat(done.path("changed").asInt()).isEqualTo(3);
            assertThat(done.path("more").asBoolean()).isFalse();
            assertThat(domain.bulk("retryTasks", filter).path("changed").asInt()).isEqualTo(3);
            assertThat(domain.count("{status: [PENDING]}")).isEqualTo(3);
            domain.bulk("cancelTasks", filter);
            assertThat(domain.bulk("purgeTasks", filter).path("changed").asInt()).isEqualTo(3);
            assertThat(domain.count("{}")).isZero();
            assertThat(
                            client.send(
                                            "mutation { cancelTasks(domainId: \""
                                                    + domain.id()
                                                    + "\", filter: {}) { matched } }",
                                            Map.of())
                                    .code())
                    .isEqualTo("BAD_USER_INPUT");
        }
    }

    @Test
    void aTaskIsHeldBackUntilItIsResumed(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-hold")) {
            client.data("mutation { pauseDomain(domainId: \"" + domain.id() + "\") { id } }");
            String task = client.schedule(domain.task(Map.of()));
            assertThat(change(client, "suspendTask", task).path("phase").asText())
                    .isEqualTo("SUSPENDED");
            client.data("mutation { resumeDomain(domainId: \"" + domain.id() + "\") { id } }");
            assertThat(change(client, "resumeTask", task).path("phase").asText())
                    .isNotEqualTo("SUSPENDED");
            assertThat(client.awaitEnd(task, "status").path("status").asText())
                    .isEqualTo("COMPLETED");
            assertThat(
                            client.send(
                                            "mutation { suspendTask(taskId: \""
                                                    + task
                                                    + "\") { id } }",
                                            Map.of())
                                    .code())
                    .isEqualTo("CONFLICT");
        }
    }

    private static JsonNode change(GraphQl client, String mutation, String task) {
        return client.data("mutation { " + mutation + "(taskId: \"" + task + "\") { phase } }")
                .path(mutation);
    }

    @Test
    void aScheduleReleasesTasksUntilItIsPausedAndIsChangedByItsRevision(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-schedules")) {
            String id = domain.schedule("ticking", 3_600_000);
            // A release is seen when it is stored, which may be after the schedule was.
            JsonNode first =
                    await().atMost(GraphQl.LIMIT)
                            .until(
                                    () ->
                                            client.data(
                                                            "query($id: ID!) { node(id: $id) { ... on Schedule { revision"
                                                                    + " nextReleases(first: 3) lastTask { id schedule { id }"
                                                                    + " } task paused owner } } }",
                                                            Map.of("id", id))
                                                    .path("node"),
                                    node -> node.path("lastTask").isObject());
            assertThat(first.path("nextReleases")).hasSize(3);
            assertThat(first.at("/lastTask/schedule/id").asText()).isEqualTo(id);
            assertThat(first.at("/task/domainId").asText()).isEqualTo(domain.id());
            int revision = first.path("revision").asInt();
            String update =
                    "mutation($id: ID!, $r: Int) { updateSchedule(scheduleId: $id, expectedRevision:"
                            + " $r, input: {name: \"slow\", overlap: QUEUE}) { name overlap revision"
                            + " period } }";
            JsonNode updated =
                    client.data(update, Map.of("id", id, "r", revision)).path("updateSchedule");
            assertThat(updated.path("name").asText()).isEqualTo("slow");
            assertThat(updated.path("period").asInt()).isEqualTo(3_600_000);
            assertThat(client.send(update, Map.of("id", id, "r", revision)).code())
                    .isEqualTo("CONFLICT");
            assertThat(domain.onSchedule("pauseSchedule", id).path("paused").asBoolean()).isTrue();
            assertThat(domain.onSchedule("resumeSchedule", id).path("paused").asBoolean())
                    .isFalse();
            assertThat(domain.onSchedule("deleteSchedule", id).path("name").asText())
                    .isEqualTo("slow");
            assertThat(client.data("{ schedules(domainId: \"" + domain.id() + "\") { id } }"))
                    .hasToString("{\"schedules\":[]}");
            String periodic = client.schedule(domain.task(Map.of("period", 3_600_000)));
            assertThat(
                            client.data(
                                            "query($id: ID!) { task(id: $id) { schedule { period } }"
                                                    + " }",
                                            Map.of("id", periodic))
                                    .at("/task/schedule/period")
                                    .asInt())
                    .isEqualTo(3_600_000);
        }
    }

    @Test
    void aConfigurationIsRehearsedChangedTracedAndBroughtBack(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-config")) {
            JsonNode rehearsed = domain.reconfigure("executor: {parallelism: 3}", true);
            assertThat(rehearsed.path("applied").asBoolean()).isFalse();
            assertThat(rehearsed.at("/changes/0/path").asText()).isEqualTo("executor.parallelism");
            int before = domain.revision();
            JsonNode applied = domain.reconfigure("executor: {parallelism: 3}", false);
            assertThat(applied.at("/changes/0/after").asInt()).isEqualTo(3);
            assertThat(domain.revision()).isEqualTo(before + 1);
            JsonNode told =
                    client.data(
                                    "{ domain(id: \""
                                            + domain.id()
                                            + "\") { configHistory(first: 2) { revision changedBy"
                                            + " source changes { path } config } configOrigins {"
                                            + " path source revision changedBy } } }")
                            .path("domain");
            assertThat(told.at("/configHistory/0/revision").asInt()).isEqualTo(before + 1);
            assertThat(told.at("/configHistory/0/changedBy").asText()).isNotBlank();
            assertThat(told.at("/configHistory/0/source").asText()).isEqualTo("API");
            assertThat(told.at("/configHistory/0/config/executor/parallelism").asInt())
                    .isEqualTo(3);
            for (JsonNode origin : told.path("configOrigins")) {
                if (origin.path("path").asText().equals("executor.parallelism")) {
                    assertThat(origin.path("revision").asInt()).isEqualTo(before + 1);
                }
            }
            JsonNode back =
                    client.data(
                                    "mutation { rollbackDomainConfig(domainId: \""
                                            + domain.id()
                                            + "\", revision: "
                                            + before
                                            + ") { applied changes { path } domain { revision } } }")
                            .path("rollbackDomainConfig");
            assertThat(back.path("applied").asBoolean()).isTrue();
            assertThat(back.at("/domain/revision").asInt()).isEqualTo(before + 2);
            assertThat(
                            client.send(
                                            "mutation { rollbackDomainConfig(domainId: \""
                                                    + domain.id()
                                                    + "\", revision: 999) { applied } }",
                                            Map.of())
                                    .code())
                    .isEqualTo("NOT_FOUND");
        }
    }

    @Test
    void aDomainIsRenamedAndItsReservationsAreReleased(GraphQl client) {
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-name")) {
            JsonNode renamed =
                    client.data(
                                    "mutation { updateDomain(domainId: \""
                                            + domain.id()
                                            + "\", input: {name: \"Renamed\", description: \"d\","
                                            + " labels: {team: \"ethics\"}}) { name description"
                                            + " labels } }")
                            .path("updateDomain");
            assertThat(renamed.path("name").asText()).isEqualTo("Renamed");
            assertThat(renamed.at("/labels/team").asText()).isEqualTo("ethics");
            client.data(
                    "mutation { allocateResources(domainId: \""
                            + domain.id()
                            + "\", resources: {priority: 1, cpu: {cores: 0.1}}) { id } }");
            JsonNode released =
                    client.data(
                                    "mutation { releaseResources(domainId: \""
                                            + domain.id()
                                            + "\", resources: [CPU]) { allocation { cpu { cores } }"
                                            + " } }")
                            .path("releaseResources");
            assertThat(released.at("/allocation/cpu/cores").isNumber()).isFalse();
        }
    }

    @Test
    void aPluginIsEjectedInOneDomainAndReinstated(GraphQl client) {
        Subscription alerts;
        JsonNode raised;
        try (DomainOfTest domain = DomainOfTest.create(client, "breadth-eject")) {
            domain.reconfigure("scheduler: {policy: FIFO}", false);
            alerts = client.subscribe(ALERTS, Map.of("id", domain.id()));
            JsonNode ejected =
                    client.data(
                                    "mutation { ejectPlugin(kind: SCHEDULING_POLICY, name: \"FIFO\","
                                            + " domainId: \""
                                            + domain.id()
                                            + "\", reason: \"a test\") { name reason domainId"
                                            + " replacedBy message } }")
                            .path("ejectPlugin");
            try {
                assertThat(ejected).hasSize(1);
                assertThat(ejected.at("/0/reason").asText()).isEqualTo("OPERATOR");
                assertThat(ejected.at("/0/domainId").asText()).isEqualTo(domain.id());
                assertThat(domain.activePolicy()).isEqualTo("SAFE_FIFO");
                raised = toldAsItBegins(domain, alerts);
            } finally {
                JsonNode entry =
                        client.data(
                                        "mutation { reinstatePlugin(kind: SCHEDULING_POLICY, name:"
                                                + " \"FIFO\") { name state ejections(first: 1) {"
                                                + " reason } } }")
                                .path("reinstatePlugin");
                assertThat(entry.path("state").asText()).isEqualTo("ACTIVE");
                assertThat(entry.at("/ejections/0/reason").asText()).isEqualTo("OPERATOR");
            }
            await().atMost(GraphQl.LIMIT).until(() -> domain.activePolicy().equals("FIFO"));
            toldAsItEnds(client, domain, alerts, raised);
        }
        assertThat(alerts.awaitComplete()).as("the domain is deleted").isEmpty();
        alerts.close();
    }

    private static JsonNode toldAsItBegins(DomainOfTest domain, Subscription alerts) {
        JsonNode raised = alerts.next().path("alertUpdated");
        assertThat(raised.path("code").asText()).isEqualTo("DR-SCHED-0001");
        assertThat(raised.path("severity").asText()).isEqualTo("WARNING");
        assertThat(raised.path("message").asText()).contains(domain.id(), "FIFO was ejected");
        assertThat(raised.at("/details/active").asText()).isEqualTo("SAFE_FIFO");
        assertThat(raised.path("clearedAt").isNull()).isTrue();
        return raised;
    }

    private static void toldAsItEnds(
            GraphQl client, DomainOfTest domain, Subscription alerts, JsonNode raised) {
        JsonNode cleared = alerts.next().path("alertUpdated");
        assertThat(cleared.path("id")).isEqualTo(raised.path("id"));
        assertThat(cleared.path("clearedAt").asText()).isNotEmpty();
        String list = "{ alerts(domainId: \"" + domain.id() + "\", active: %s) { id } }";
        assertThat(client.data(list.formatted(true)).path("alerts")).isEmpty();
        assertThat(client.data(list.formatted(false)).at("/alerts/0/id"))
                .isEqualTo(raised.path("id"));
    }

    @Test
    void theCatalogueLeadsToBundlesAndBack(GraphQl client) {
        JsonNode edf = null;
        for (JsonNode policy :
                client.data(
                                "{ schedulingPolicies { name bundle { id symbolicName core state"
                                        + " contributions { name } } } }")
                        .path("schedulingPolicies")) {
            if (policy.path("name").asText().equals("EDF")) edf = policy;
        }
        assertThat(edf).isNotNull();
        assertThat(edf.at("/bundle/state").asText()).isEqualTo("ACTIVE");
        assertThat(edf.at("/bundle/core").asBoolean()).isTrue();
        assertThat(edf.at("/bundle/contributions").findValuesAsText("name")).contains("EDF");
        JsonNode node =
                client.data(
                                "query($id: ID!) { node(id: $id) { ... on Bundle { symbolicName"
                                        + " sha256 problems } } }",
                                Map.of("id", edf.at("/bundle/id").asText()))
                        .path("node");
        assertThat(node.path("symbolicName")).isEqualTo(edf.at("/bundle/symbolicName"));
        assertThat(node.path("problems")).isEmpty();
    }
}
