// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import graphql.language.OperationDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;

/** An event is rendered once for all streams that are alike. */
class RenderGroupsTest {
    private static final OperationDefinition OPERATION =
            OperationDefinition.newOperationDefinition().build();
    private final AtomicLong now = new AtomicLong();
    private final RenderGroups groups = new RenderGroups(now::get);
    private final AtomicInteger rendered = new AtomicInteger();

    private Answer next() {
        return Answer.of(Map.of("data", rendered.incrementAndGet()));
    }

    private static RenderGroups.Key key(int n, Role role) {
        Map<String, @Nullable Object> variables = Map.of("n", n);
        return new RenderGroups.Key(OPERATION, variables, new Caller("maria", role, false));
    }

    @Test
    void anEventIsRenderedAndWrittenOnceForAGroup() {
        RenderGroups.Group one = groups.join(key(1, Role.ADMIN));
        RenderGroups.Group other = groups.join(key(1, Role.ADMIN));
        assertThat(other).isSameAs(one);
        Answer first = one.render("event", this::next);
        Answer second = other.render("event", this::next);
        assertThat(rendered).hasValue(1);
        assertThat(second.text()).isSameAs(first.text()).isEqualTo("{\"data\":1}");
        assertThat(second.bytes()).isSameAs(first.bytes());
        assertThat(other.render("another", this::next).text()).isEqualTo("{\"data\":2}");
    }

    @Test
    void othersRightsAndVariablesAreAnotherGroup() {
        assertThat(groups.join(key(1, Role.ADMIN))).isNotSameAs(groups.join(key(1, Role.VIEWER)));
        assertThat(groups.join(key(1, Role.ADMIN))).isNotSameAs(groups.join(key(2, Role.ADMIN)));
        assertThat(groups.count()).isEqualTo(3);
    }

    @Test
    void aResponseIsNotKeptForLong() {
        RenderGroups.Group group = groups.join(key(1, Role.ADMIN));
        groups.join(key(1, Role.ADMIN));
        group.render("event", this::next);
        now.set(RenderGroups.KEPT_NANOS - 1);
        group.render("event", this::next);
        assertThat(rendered).hasValue(1);
        now.set(RenderGroups.KEPT_NANOS);
        group.render("event", this::next);
        assertThat(rendered).hasValue(2);
    }

    @Test
    void oneReaderKeepsNothingAndTheLastLeavesNothing() {
        RenderGroups.Group group = groups.join(key(1, Role.ADMIN));
        group.render("event", this::next);
        group.render("event", this::next);
        assertThat(rendered).hasValue(2);
        groups.leave(key(1, Role.ADMIN));
        assertThat(groups.count()).isZero();
    }

    @Test
    void aResponseWithErrorsNamesItsRequestAndIsNotShared() {
        RenderGroups.Group group = groups.join(key(1, Role.ADMIN));
        groups.join(key(1, Role.ADMIN));
        Supplier<Answer> failing =
                () -> Answer.of(Map.of("errors", rendered.incrementAndGet(), "data", 1));
        assertThat(group.render("event", failing).text()).contains("\"errors\":1");
        assertThat(group.render("event", failing).text()).contains("\"errors\":2");
    }

    @Test
    void whatAReaderMissedIsToldToItAlone() {
        Answer shared = Answer.of(Map.of("data", 1));
        assertThat(SharedAnswer.afterSkipped(shared, 7).text())
                .isEqualTo("{\"data\":1,\"extensions\":{\"skipped\":7}}");
        assertThat(shared.text()).isEqualTo("{\"data\":1}");
    }

    @Test
    void manySubscribersOfOneDomainAskItOnceForAChange() {
        int many = 200;
        try (Bench bench = new Bench()) {
            FakeDomain domain = bench.host.domain("ethical-scoring");
            List<Probe> probes = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                Probe probe = new Probe();
                ((Outcome.Stream)
                                bench.ask(
                                        "subscription { domainUpdated(domainId: \"ethical-scoring\")"
                                                + " { status resources { cpu { load } } } }"))
                        .responses()
                        .subscribe(probe);
                probe.request(1);
                probe.next();
                probes.add(probe);
            }
            assertThat(bench.generations.current().groups().count()).isEqualTo(1);
            assertThat(bench.streams.countByGeneration()).isEqualTo(Map.of(1, many));
            domain.resourcesAsked.set(0);
            domain.status(RuntimeStatus.PAUSED);
            for (Probe probe : probes) probe.request(1);
            for (Probe probe : probes) {
                assertThat(at(probe.next(), "data.domainUpdated.status")).isEqualTo("PAUSED");
            }
            // Once; more often only if a machine needs more than a second for them.
            assertThat(domain.resourcesAsked).hasValueBetween(1, many / 4);
            for (Probe probe : probes) probe.cancel();
            assertThat(bench.generations.current().groups().count()).isZero();
            assertThat(bench.streams.count()).isZero();
        }
    }
}
