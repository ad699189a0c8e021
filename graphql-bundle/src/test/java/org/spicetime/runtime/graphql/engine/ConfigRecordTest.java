// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigChange;
import org.spicetime.runtime.api.domain.ConfigOrigin;
import org.spicetime.runtime.api.domain.ConfigRevision;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.DomainUpdate;

class ConfigRecordTest {
    private static final String ROLLBACK =
            "mutation($dry: Boolean!) { rollbackDomainConfig(domainId: \"ethical-scoring\", revision:"
                    + " 3, expectedRevision: 9, dryRun: $dry) { applied domain { id } } }";
    private static final String UPDATE =
            "mutation($input: UpdateDomainInput!) { updateDomain(domainId: \"ethical-scoring\", input:"
                    + " $input) { name } }";

    private final Bench bench = new Bench();
    private final FakeDomain ethics = bench.host.domain("ethical-scoring");

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theConfigurationTellsItsRevisionsAndItsOrigins() {
        ethics.revisions.add(
                new ConfigRevision(
                        2,
                        FakeDomain.CREATED,
                        "maria",
                        ConfigSource.API,
                        List.of(new ConfigChange("executor.parallelism", 2, 4)),
                        "{\"executor\":{\"parallelism\":4}}"));
        ethics.origins.add(
                new ConfigOrigin("scheduler.policy", ConfigSource.DEFAULT, null, null, null));
        Map<String, ?> told =
                bench.data(
                        "{ domain(id: \"ethical-scoring\") { configHistory { revision changedBy"
                                + " source changes { path before after } config } configOrigins {"
                                + " path source revision } config { scheduler { maxStarted"
                                + " preemption { threshold granularity nonPreemptible } priorities {"
                                + " agingInterval agingStep } } } } }");
        assertThat(at(told, "domain.configHistory.0.changes.0.after")).isEqualTo(4);
        assertThat(at(told, "domain.configHistory.0.config.executor.parallelism")).isEqualTo(4);
        assertThat(at(told, "domain.configOrigins.0.source")).isEqualTo("DEFAULT");
        assertThat(at(told, "domain.config.scheduler.maxStarted")).isEqualTo(66);
        assertThat(
                        extensions(
                                bench.error(
                                        "{ domain(id: \"ethical-scoring\") { configHistory(first:"
                                                + " 501) { revision } } }")))
                .containsEntry("field", "first");
    }

    @Test
    void aRollbackIsMadeOrRehearsedInTheNameOfTheCaller() {
        assertThat(at(bench.data(ROLLBACK, Map.of("dry", true)), "rollbackDomainConfig.applied"))
                .isEqualTo(false);
        assertThat(at(bench.data(ROLLBACK, Map.of("dry", false)), "rollbackDomainConfig.applied"))
                .isEqualTo(true);
        assertThat(ethics.asked)
                .containsExactly("rehearse rollback to 3 from 9", "rollback to 3 from 9");
        assertThat(ethics.callers).contains(new ChangedBy("maria", ConfigSource.API));
    }

    @Test
    void anUpdateKeepsWhatIsLeftOutAndResetsWhatIsNull() {
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("name", "Ethics");
        input.put("description", null);
        bench.data(UPDATE, Map.of("input", input));
        DomainUpdate update = ethics.updates.getFirst();
        assertThat(Objects.requireNonNull(update.name()).value()).isEqualTo("Ethics");
        assertThat(Objects.requireNonNull(update.description()).value()).isNull();
        assertThat(update.labels()).isNull();
        assertThat(extensions(bench.error(UPDATE, Map.of("input", Map.of("name", " ")))))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("field", "name");
    }
}
