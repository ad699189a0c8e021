// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

/** What is in memory is answered by the thread that asks: no field of it hands over to another. */
class InMemoryQueriesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ findDomain(id: \"ethical-scoring\") { id name status config { scheduler { policy quantum }"
                        + " memory { poolSize allocationType swapPolicy } executor { parallelism workStealing }"
                        + " networking { maxConnections timeout compression } } } }",
                "{ tasksConnection(domainId: \"ethical-scoring\", first: 100)"
                        + " { edges { cursor node { id type status priority deadline } } } }",
                "{ schedulingPolicies { policy name } allocators { name } host { id } }"
            })
    void theAnswerIsThereWhenTheCallReturns(String query) {
        try (Bench bench = new Bench()) {
            FakeDomain domain = bench.host.domain("ethical-scoring");
            for (int i = 0; i < 100; i++) {
                domain.put(domain.task(TaskRequest.of(TaskType.IO).build(), TaskPhase.READY));
            }
            Outcome outcome = bench.engine.execute(Bench.request(query, Map.of(), Role.ADMIN));
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Executed.class,
                            executed -> {
                                assertThat(executed.response().toCompletableFuture()).isDone();
                                assertThat(executed.response().toCompletableFuture().join().map())
                                        .doesNotContainKey("errors");
                            });
        }
    }
}
