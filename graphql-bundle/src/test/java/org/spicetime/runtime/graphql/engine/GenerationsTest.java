// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.scheduler.Ordering;
import org.spicetime.runtime.graphql.schema.SchemaState;

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
    void aNewPolicyIsServedAndOneThatWentIsNot() {
        String before = bench.engine.sdlHash();
        bench.host.policies.add(FakeHost.policy("ACME_EDF", Ordering.STRICT));
        bench.host.policies.removeIf(policy -> policy.facts().name().equals("FIFO"));
        bench.generations.refresh();
        assertThat(values()).isEqualTo("SAFE_FIFO PRIORITY EDF ACME_EDF");
        assertThat(bench.engine.sdlHash()).isNotEqualTo(before);
        assertThat(Hashes.sha256(bench.engine.sdl())).isEqualTo(bench.engine.sdlHash());
        assertThat(at(bench.data("{ schemaInfo { generation hash } }"), "schemaInfo"))
                .isEqualTo(Map.of("generation", 2, "hash", bench.engine.sdlHash()));
        bench.host.policies.removeIf(policy -> policy.facts().name().equals("ACME_EDF"));
        bench.generations.refresh();
        assertThat(values()).isEqualTo("SAFE_FIFO PRIORITY EDF");
        Outcome.Refused refused = bench.refused("{ domains(filter: {policy: [ACME_EDF]}) { id } }");
        assertThat(Bench.extensions(refused)).containsEntry("reason", "NOT_AVAILABLE");
    }

    @Test
    void aNameInUseStaysWhileItIsUsedAndGoesAfterwards() {
        FakeDomain domain = bench.host.domain("ethical-scoring");
        domain.configured(Samples.config("FIFO", Duration.ZERO), "FIFO");
        bench.host.policies.removeIf(policy -> policy.facts().name().equals("FIFO"));
        bench.generations.refresh();
        assertThat(values()).isEqualTo("SAFE_FIFO FIFO! PRIORITY EDF");
        domain.configured(Samples.config("EDF", Duration.ZERO), "EDF");
        bench.generations.refresh();
        assertThat(values()).isEqualTo("SAFE_FIFO PRIORITY EDF");
    }

    @Test
    void aNameThatADomainLetsGoIsNoticedWithoutAsking() {
        FakeDomain domain = bench.host.domain("ethical-scoring");
        domain.configured(Samples.config("ACME_LEFT", Duration.ZERO), "ACME_LEFT");
        bench.generations.refresh();
        bench.generations.start();
        assertThat(values()).contains("ACME_LEFT!");
        domain.configured(Samples.config("EDF", Duration.ZERO), "EDF");
        Bench.await(() -> !bench.engine.sdl().contains("ACME_LEFT"));
        domain.configured(Samples.config("ACME_BACK", Duration.ZERO), "ACME_BACK");
        Bench.await(() -> bench.engine.sdl().contains("ACME_BACK"));
        bench.host.remove("ethical-scoring");
        Bench.await(() -> !bench.engine.sdl().contains("ACME_BACK"));
    }

    @Test
    void aNameThatTheSchemaLacksYetIsAnsweredAllTheSame() {
        bench.host
                .domain("ethical-scoring")
                .configured(Samples.config("ACME_LATE", Duration.ZERO), "ACME_LATE");
        assertThat(
                        at(
                                bench.data(
                                        "{ domain(id: \"ethical-scoring\") { config { scheduler { policy"
                                                + " } } } }"),
                                "domain.config.scheduler.policy"))
                .isEqualTo("ACME_LATE");
    }

    @Test
    void aNameThatNoSchemaCanHoldDoesNoHarm() {
        bench.host
                .domain("ethical-scoring")
                .configured(Samples.config("not-a-name", Duration.ZERO), "SAFE_FIFO");
        bench.generations.refresh();
        assertThat(values()).isEqualTo("SAFE_FIFO FIFO PRIORITY EDF");
    }

    @Test
    void whoFollowsTheSchemaIsToldEverySwap() {
        List<Integer> told = new ArrayList<>();
        SchemaState state = bench.generations.state();
        assertThat(state.current().generation()).isEqualTo(1);
        Watch watch = state.watch(facts -> told.add(facts.generation()));
        bench.host.policies.add(FakeHost.policy("ACME_EDF", Ordering.STRICT));
        bench.generations.refresh();
        assertThat(state.current().hash()).isEqualTo(bench.engine.sdlHash());
        watch.close();
        bench.host.policies.clear();
        bench.generations.refresh();
        assertThat(told).containsExactly(2);
        assertThat(state.current().generation()).isEqualTo(3);
    }

    @Test
    void persistedQueriesOutliveASwap() {
        String query = "{ domains { id } }";
        Map<String, Object> extensions =
                Map.of("persistedQuery", Map.of("version", 1, "sha256Hash", Hashes.sha256(query)));
        GraphQlRequest first = Bench.persisted(query, extensions);
        assertThat(bench.engine.execute(first)).isInstanceOf(Outcome.Executed.class);
        bench.host.policies.add(FakeHost.policy("ACME_EDF", Ordering.STRICT));
        bench.generations.refresh();
        assertThat(bench.engine.execute(Bench.persisted(null, extensions)))
                .isInstanceOf(Outcome.Executed.class);
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

    @Test
    void anAnswerAboutTheSchemaIsKeptAsLongAsTheSchema() {
        String about = "{ __type(name: \"Query\") { fields { name } } }";
        Answer first = answer(about);
        Answer again = answer(about);
        assertThat(again).isSameAs(first);
        assertThat(again.tag()).isNotNull();

        Runnable end = bench.contribute("com.acme.kept", Vendor.query("acmeKept", "Int", _ -> 1));
        assertThat(answer(about).text()).contains("acmeKept");
        end.run();
        assertThat(answer(about).text()).doesNotContain("acmeKept").isEqualTo(first.text());
        assertThat(answer("{ __typename schemaInfo { generation } }").tag()).isNull();
    }

    private Answer answer(String query) {
        return ((Outcome.Executed) bench.ask(query)).response().toCompletableFuture().join();
    }
}
