// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.ConfigChange;
import org.spicetime.runtime.api.domain.ConfigOrigin;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.ConfigRehearsal;
import org.spicetime.runtime.api.domain.ConfigRevision;
import org.spicetime.runtime.api.domain.ConfigSource;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.DomainUpdate;
import org.spicetime.runtime.api.domain.DomainUpdate.To;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;

@Timeout(60)
class RevisionsTest {

    private static final ChangedBy MARIA = new ChangedBy("maria", ConfigSource.API);
    private static final ChangedBy JOE = new ChangedBy("joe", ConfigSource.CONSOLE);

    private static ConfigPatch slots(int parallelism) {
        return TestHost.patch("executor", Map.of("parallelism", parallelism));
    }

    private static ConfigOrigin origin(Domain domain, String path) {
        return domain.origins().stream()
                .filter(origin -> origin.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyChangeMakesARevisionThatTellsWhoAndWhat() {
        try (TestHost host = new TestHost()) {
            Domain domain =
                    TestHost.get(host.domains.create(TestHost.spec("past", Map.of(), true), MARIA));
            TestHost.get(domain.by(JOE).configure(slots(3), 1));
            List<ConfigRevision> revisions = domain.revisions(10);
            assertThat(revisions).extracting(ConfigRevision::revision).containsExactly(2, 1);
            ConfigRevision newest = revisions.getFirst();
            assertThat(newest.changedBy()).isEqualTo("joe");
            assertThat(newest.source()).isEqualTo(ConfigSource.CONSOLE);
            assertThat(newest.changes())
                    .containsExactly(new ConfigChange("executor.parallelism", 2L, 3L));
            assertThat(newest.configJson()).contains("\"parallelism\":3");
            assertThat(revisions.get(1).changes())
                    .extracting(ConfigChange::path)
                    .contains("memory.poolSize");
            assertThat(origin(domain, "executor.parallelism"))
                    .isEqualTo(
                            new ConfigOrigin(
                                    "executor.parallelism",
                                    ConfigSource.CONSOLE,
                                    2,
                                    "joe",
                                    newest.timestamp()));
            assertThat(origin(domain, "memory.poolSize").changedBy()).isEqualTo("maria");
            assertThat(origin(domain, "networking.timeout").source())
                    .isEqualTo(ConfigSource.DEFAULT);
            assertThat(domain.revisions(1)).containsExactly(newest);
            assertThat(domain.revisions(0)).isEmpty();
        }
    }

    @Test
    void aStaleWriterIsToldBothRevisions() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("stale");
            TestHost.get(domain.configure(slots(3), null));
            Predicate<RefusedException> both =
                    refused ->
                            refused.code() == RequestErrorCode.CONFLICT
                                    && Objects.equals(refused.details().get("revision"), 2)
                                    && Objects.equals(refused.details().get("expectedRevision"), 1);
            assertThatThrownBy(() -> TestHost.get(domain.configure(slots(4), 1)))
                    .isInstanceOfSatisfying(
                            RefusedException.class, refused -> assertThat(both).accepts(refused));
            assertThatThrownBy(() -> domain.rehearse(slots(4), 1))
                    .isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> TestHost.get(domain.rollback(1, 1)))
                    .isInstanceOf(RefusedException.class);
            assertThat(domain.state().revision()).isEqualTo(2);
        }
    }

    @Test
    void aRollbackBringsTheOldValuesBackAsANewRevision() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("back");
            DomainConfig first = domain.state().config();
            TestHost.get(domain.configure(slots(3), null));
            ConfigPatch policy = TestHost.patch("scheduler", Map.of("policy", "FIFO"));
            TestHost.get(domain.configure(policy, null));
            ConfigRehearsal rehearsal = domain.rehearseRollback(1, 3);
            assertThat(rehearsal.config()).isEqualTo(first);
            assertThat(rehearsal.changes())
                    .extracting(ConfigChange::path)
                    .containsExactly("scheduler.policy", "executor.parallelism");
            assertThat(domain.state().revision()).isEqualTo(3);
            DomainState back = TestHost.get(domain.by(MARIA).rollback(1, 3));
            assertThat(back.revision()).isEqualTo(4);
            assertThat(back.config()).isEqualTo(first);
            assertThat(domain.revisions(1).getFirst().changes()).isEqualTo(rehearsal.changes());
            assertThat(origin(domain, "executor.parallelism").changedBy()).isEqualTo("maria");
        }
    }

    @Test
    void aRollbackToAPluginThatIsGoneIsNotAvailableAndChangesNothing() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("gone", Map.of("scheduler", Map.of("policy", "FIFO")));
            TestHost.get(
                    domain.configure(
                            TestHost.patch("scheduler", Map.of("policy", "PRIORITY")), null));
            host.registry.remove(host.fifo);
            assertThatThrownBy(() -> TestHost.get(domain.rollback(1, null)))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> {
                                assertThat(refused.code())
                                        .isEqualTo(RequestErrorCode.BAD_USER_INPUT);
                                assertThat(refused.details())
                                        .containsEntry("reason", "NOT_AVAILABLE");
                            });
            assertThat(domain.state().revision()).isEqualTo(2);
        }
    }

    @Test
    void aHundredRevisionsAreKeptAndOlderOnesNotFound() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("many");
            IntStream.range(0, 105)
                    .forEach(i -> TestHost.get(domain.configure(slots(3 + i % 2), null)));
            assertThat(domain.revisions(1000)).hasSize(100);
            assertThat(domain.state().revision()).isEqualTo(106);
            assertThatThrownBy(() -> TestHost.get(domain.rollback(6, null)))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> {
                                assertThat(refused.code()).isEqualTo(RequestErrorCode.NOT_FOUND);
                                assertThat(refused).hasMessageContaining("7 .. 106");
                            });
        }
    }

    @Test
    void aDomainIsRenamedDescribedAndLabelledWithinLimits() {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("named");
            DomainState state =
                    TestHost.get(
                            domain.by(MARIA)
                                    .update(
                                            new DomainUpdate(
                                                    new To<>("Scoring"),
                                                    new To<>("what for"),
                                                    new To<>(Map.of("team", "ethics")))));
            assertThat(state.name()).isEqualTo("Scoring");
            assertThat(state.description()).isEqualTo("what for");
            assertThat(state.labels()).containsEntry("team", "ethics");
            assertThat(state.revision()).isEqualTo(1);
            assertThat(host.store.domains().getFirst().name()).isEqualTo("Scoring");
            DomainState reset =
                    TestHost.get(domain.update(new DomainUpdate(new To<>(null), null, null)));
            assertThat(reset.name()).isEqualTo("named");
            assertThat(reset.labels()).containsEntry("team", "ethics");
            assertThatThrownBy(() ->
                            new DomainUpdate(null, null, new To<>(Map.of("x".repeat(64), "y"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 .. 63");
            assertThatThrownBy(() -> new DomainUpdate(new To<>(" "), null, null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
