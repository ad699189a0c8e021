// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.Ordering;

class GenerationsTest {
    private static final String VALUES =
            "{ __type(name: \"SchedulingPolicy\") { enumValues(includeDeprecated: true) { name isDeprecated } } }";

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private String values() {
        StringBuilder names = new StringBuilder();
        for (Object value :
                (List<?>) Objects.requireNonNull(at(bench.data(VALUES), "__type.enumValues"))) {
            names.append(at(value, "name"));
            names.append(Boolean.TRUE.equals(at(value, "isDeprecated")) ? "! " : " ");
        }
        return names.toString().strip();
    }

    @Test
    void onlyWhatIsDeployedIsServedInTheOrderOfTheContract() {
        assertThat(values()).isEqualTo("SAFE_FIFO FIFO PRIORITY EDF");
    }

    @Test
    void aNewPolicyIsServedAndOneThatWentStaysDeprecated() {
        String before = bench.engine.sdlHash();
        bench.host.policies.add(FakeHost.policy("ACME_EDF", Ordering.STRICT));
        bench.host.policies.removeIf(policy -> policy.facts().name().equals("FIFO"));
        bench.generations.refresh();
        assertThat(values()).isEqualTo("SAFE_FIFO FIFO! PRIORITY EDF ACME_EDF");
        assertThat(bench.engine.sdlHash()).isNotEqualTo(before);
        assertThat(Hashes.sha256(bench.engine.sdl())).isEqualTo(bench.engine.sdlHash());
        assertThat(at(bench.data("{ schemaInfo { generation hash } }"), "schemaInfo"))
                .isEqualTo(Map.of("generation", 2, "hash", bench.engine.sdlHash()));
    }

    @Test
    void aNameThatOnlyADomainUsesCanBeRead() {
        bench.host
                .domain("ethical-scoring")
                .configured(Samples.config("GONE", Duration.ZERO), "SAFE_FIFO");
        bench.generations.refresh();
        assertThat(values()).isEqualTo("SAFE_FIFO FIFO PRIORITY EDF GONE!");
        assertThat(
                        at(
                                bench.data(
                                        "{ domain(id: \"ethical-scoring\") { config { scheduler { policy"
                                                + " policyInfo { name } activePolicy } } } }"),
                                "domain.config.scheduler.policy"))
                .isEqualTo("GONE");
    }

    @Test
    void nothingNewMakesNoNewGeneration() {
        Generation before = bench.generations.current();
        bench.generations.refresh();
        assertThat(bench.generations.current()).isSameAs(before);
    }

    @Test
    void aChangeIsSeenWithoutAsking() {
        bench.generations.start();
        bench.host.policies.add(FakeHost.policy("ACME_EDF", Ordering.STRICT));
        bench.generations.changed();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (bench.generations.current().facts().generation() == 1 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(values()).contains("ACME_EDF");
    }

    @Test
    void aDocumentOfTheOldSchemaWorksOnTheNewOne() {
        String query = "{ domains(filter: {policy: [EDF]}) { id } }";
        assertThat(bench.data(query)).containsEntry("domains", List.of());
        bench.host.policies.add(FakeHost.policy("ACME_EDF", Ordering.STRICT));
        bench.generations.refresh();
        assertThat(bench.data(query)).containsEntry("domains", List.of());
        assertThat(bench.data("{ domains(filter: {policy: [ACME_EDF]}) { id } }"))
                .containsEntry("domains", List.of());
    }
}
