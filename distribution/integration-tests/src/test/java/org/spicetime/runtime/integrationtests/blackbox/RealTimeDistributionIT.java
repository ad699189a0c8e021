// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be guaranteed, what is refused for it, and times that make no sense. */
@ExtendWith(SharedHost.class)
class RealTimeDistributionIT {

    private static final String DOMAIN = "real-time";
    private static final String CREATE =
            "mutation($input: ScheduleInput!) { createSchedule(input: $input) { id } }";

    private final GraphQl client;

    RealTimeDistributionIT(GraphQl client) {
        this.client = client;
    }

    @BeforeEach
    void create() {
        client.data(
                "mutation { createDomain(input: { id: \""
                        + DOMAIN
                        + "\", config: { memory: { poolSize: 8388608 }, executor: { parallelism: 1 },"
                        + " scheduler: { policy: EDF, preemption: { enabled: true } } } }) { id } }");
    }

    @AfterEach
    void delete() {
        client.data(
                "mutation { deleteDomain(domainId: \""
                        + DOMAIN
                        + "\", force: true) { domainId } }");
    }

    private GraphQl.Answer schedule(String name, double run, int period, Map<String, ?> more) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("domainId", DOMAIN);
        task.put("type", "COMPUTATION");
        task.put("estimatedDuration", run);
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("name", name);
        input.put("period", period);
        input.put("task", task);
        input.putAll(more);
        return client.send(CREATE, Map.of("input", input));
    }

    private JsonNode analysis() {
        return client.data(
                        "{ domain(id: \""
                                + DOMAIN
                                + "\") { analysis { schedulable utilization bound responseTimes {"
                                + " task { id } worstCase meetsDeadline } } schedules { name } } }")
                .path("domain");
    }

    private void policy(String policy) {
        client.data(
                "mutation { configureDomain(domainId: \""
                        + DOMAIN
                        + "\", config: { scheduler: { policy: "
                        + policy
                        + ", parameters: {} } }) { id } }");
    }

    @Test
    void edfIsNeverLedIntoOverload() {
        assertThat(schedule("a", 2000, 5000, Map.of("relativeDeadline", 5000)).body().has("errors"))
                .isFalse();
        assertThat(schedule("b", 4000, 7000, Map.of("relativeDeadline", 7000)).body().has("errors"))
                .isFalse();
        GraphQl.Answer refused = schedule("c", 2000, 14000, Map.of("relativeDeadline", 14000));
        assertThat(refused.code()).as(refused.text()).isEqualTo("SCHEDULER_ERROR");
        assertThat(refused.error().path("message").asText())
                .contains("schedule \"c\" cannot be guaranteed under EDF")
                .contains("utilisation is 1.1143, allowed is 1");
        Clarity.require(refused);
        JsonNode domain = analysis();
        assertThat(domain.path("schedules")).hasSize(2);
        assertThat(domain.at("/analysis/schedulable").asBoolean()).isTrue();
        assertThat(domain.at("/analysis/utilization").asDouble())
                .isCloseTo(34 / 35.0, within(1e-9));
        assertThat(domain.at("/analysis/bound").asDouble()).isEqualTo(1);
    }

    @Test
    void aChangeOfPolicyRefusesNothingAndTheAnalysisNamesWhoWouldBeLate() {
        schedule("fast", 26, 70, Map.of("relativeDeadline", 70));
        schedule("slow", 62, 100, Map.of("relativeDeadline", 100));
        assertThat(analysis().at("/analysis/schedulable").asBoolean()).isTrue();
        policy("RATE_MONOTONIC");
        JsonNode domain = analysis();
        assertThat(domain.path("schedules")).hasSize(2);
        assertThat(domain.at("/analysis/schedulable").isBoolean()).isTrue();
        assertThat(domain.at("/analysis/schedulable").asBoolean()).isFalse();
        assertThat(domain.at("/analysis/bound").asDouble()).isCloseTo(0.8284, within(0.0001));
        assertThat(domain.at("/analysis/responseTimes").findValuesAsText("worstCase"))
                .contains("118.0");
        policy("FIFO");
        assertThat(analysis().at("/analysis/schedulable").isNull()).isTrue();
        policy("DEADLINE_MONOTONIC");
        GraphQl.Answer refused = schedule("more", 1, 1000, Map.of("relativeDeadline", 1000));
        assertThat(refused.error().path("message").asText())
                .contains(
                        "worst-case response time of schedule \"slow\" is 118 ms, allowed is 100 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "deadline, \"2020-01-01T00:00:00Z\", deadline",
        "deadline, \"9999999-01-01T00:00:00Z\", deadline",
        "deadline, \"2999-01-01T00:00:00\", deadline",
        "relativeDeadline, 0, relativeDeadline",
        "relativeDeadline, -5, relativeDeadline",
        "estimatedDuration, 0, estimatedDuration",
        "estimatedDuration, -1, estimatedDuration",
        "estimatedDuration, 1e18, estimatedDuration",
        "period, 0, period",
        "period, 2147483648, period",
        "'estimatedDuration: 20, period', 10, period",
        "'period', 10, estimatedDuration"
    })
    void timesThatMakeNoSenseAreRefusedByTheirField(String field, String value, String named) {
        String before = HostState.of(client);
        GraphQl.Answer answer =
                client.send(
                        "mutation { scheduleTask(input: { domainId: \""
                                + DOMAIN
                                + "\", type: IO, "
                                + field
                                + ": "
                                + value
                                + " }) { id } }",
                        Map.of());
        assertThat(answer.code())
                .as(answer.text())
                .isIn("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED");
        assertThat(answer.error().path("message").asText()).contains(named);
        Clarity.require(answer);
        assertThat(HostState.of(client)).isEqualTo(before);
    }

    @Test
    void aChoiceOfAdmissionThatThereIsNotIsRefused() {
        GraphQl.Answer answer =
                client.send(
                        "mutation { configureDomain(domainId: \""
                                + DOMAIN
                                + "\", config: { scheduler: { parameters: { admission: \"SOMETIMES\" } }"
                                + " }) { id } }",
                        Map.of());
        assertThat(answer.code()).isEqualTo("BAD_USER_INPUT");
        assertThat(answer.error().at("/extensions/field").asText())
                .endsWith("scheduler.parameters.admission");
        assertThat(answer.error().at("/extensions/range").asText()).contains("OFF, PERIODIC, ALL");
    }
}
