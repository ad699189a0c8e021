// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.graphql.FieldFetcher;
import org.spicetime.runtime.api.graphql.SchemaContribution;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.contribution.Contributor;

/** A contribution that breaks a rule is left out and told; everything else is served. */
class BrokenContributionTest {
    private static final String ACME = "com.acme.quota";

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private String problemOf(SchemaContribution contribution) {
        return problemOf(Vendor.bundle(ACME), contribution);
    }

    /** What is told of a contribution that is left out; the schema and its neighbour stay. */
    private String problemOf(Contributor bundle, SchemaContribution contribution) {
        bench.contribute("com.good.one", Vendor.query("goodOne", "Int", _ -> 1));
        String before = bench.engine.sdl();
        bench.contribute(bundle, contribution);
        assertThat(bench.engine.sdl()).isEqualTo(before);
        assertThat(at(bench.data("{ goodOne }"), "goodOne")).isEqualTo(1);
        List<String> problems = Objects.requireNonNull(bench.reported.get(bundle.bundle()));
        assertThat(problems).hasSize(1);
        String problem = problems.getFirst();
        assertThat(health()).contains("bundle " + bundle.bundle() + " 1.0.0: " + problem);
        return problem.substring(problem.indexOf(": ") + 2);
    }

    private String health() {
        Map<String, ?> data =
                bench.data("{ systemHealth { status components { name status message } } }");
        for (Object component :
                (List<?>) Objects.requireNonNull(at(data, "systemHealth.components"))) {
            if (!"schema".equals(at(component, "name"))) continue;
            if (at(component, "message") == null) return "";
            assertThat(at(component, "status")).isEqualTo("DEGRADED");
            assertThat(at(data, "systemHealth.status")).isEqualTo("DEGRADED");
            return String.valueOf(at(component, "message"));
        }
        throw new AssertionError("no component \"schema\" in " + data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    extend type Query { "x" acmeA: Int                 | line 1: its SDL does not parse
                    type Acme { | does not parse
                    ""                                                 | line 1: its SDL does not parse
                    "x" scalar AcmeDay                                 | line 1: only new types
                    "x" directive @acme on FIELD                       | line 1: only new types
                    schema { query: Query }                            | line 1: only new types
                    extend enum TaskStatus { "x" ACME }                | line 1: only new types
                    extend input TaskInput { "x" acmeX: Int }          | line 1: only new types
                    query { domains { id } }                           | line 1: only new types
                    "x" type Quota { "x" a: Int }                      | line 1: type Quota must begin with Acme
                    "x" type Acmequota { "x" a: Int }                  | line 1: type Acmequota must begin with Acme
                    "x" type Task { "x" a: Int }                       | line 1: type Task exists in the host's schema
                    "x" type String { "x" a: Int }                     | line 1: type String exists in the host's schema
                    "x" type AcmeA { "x" a: Int } "y" enum AcmeA { "x" A } | line 1: type AcmeA is defined twice
                    type AcmeA { "x" a: Int }                          | line 1: type AcmeA has no description
                    "x" type AcmeA { a: Int }                          | line 1: field AcmeA.a has no description
                    "x" type AcmeA { " " a: Int }                      | line 1: field AcmeA.a has no description
                    "x" enum AcmeA { A }                               | line 1: AcmeA.A has no description
                    "x" input AcmeA { a: Int }                         | line 1: AcmeA.a has no description
                    extend type Query { "x" acmeA(b: Int): Int }       | line 1: Query.acmeA(b:) has no description
                    extend type Query { "x" domains: Int }             | line 1: field Query.domains exists and cannot be overridden
                    extend type Task { "x" runAt: Int }                | line 1: field Task.runAt
                    extend type Query { "x" quota: Int }               | line 1: field Query.quota must begin with acme
                    extend type Query { "x" acmeA: Int }               | line 1: field Query.acmeA has no fetcher
                    extend type Subscription { "x" acmeA: Int }        | line 1: type Subscription cannot be extended
                    extend type RuntimeConfig { "x" acmeA: Int }       | line 1: type RuntimeConfig cannot be extended
                    extend type Nothing { "x" acmeA: Int }             | line 1: type Nothing cannot be extended
                    extend type Query @deprecated { "x" acmeA: Int }   | line 1: an extension of Query adds fields and nothing else
                    extend type Query { "x" acmeA: AcmeNone }          | line 1: field Query.acmeA answers AcmeNone, which is not defined
                    extend type Query { "x" acmeA: [Task!] }           | line 1: field Query.acmeA answers Task, which only the host can make
                    extend type Query { "x" acmeA("x" b: TaskInput): Int } | line 1: Query.acmeA(b:) takes TaskInput
                    extend type Query { "x" acmeA("x" b: AcmeB): Int } "x" type AcmeB { "x" a: Int } | line 1: Query.acmeA(b:) takes AcmeB
                    "x" type AcmeA implements Node { "x" id: ID! }     | line 1: AcmeA may refer to types of the fragment alone
                    "x" union AcmeA = Task                             | line 1: AcmeA may refer to types of the fragment alone
                    "x" type AcmeA @specifiedBy(url: "x") { "x" a: Int } | line 1: directive @specifiedBy on AcmeA
                    "x" type AcmeA { "x" a("x" b: Int): Int }          | line 1: field AcmeA.a has no fetcher
                    """)
    void aFragmentThatBreaksARuleIsLeftOutWithItsLine(String sdl, String problem) {
        assertThat(problemOf(new Vendor(sdl.equals("\"\"") ? "" : sdl))).contains(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\" input AcmeA { \"x\" a: AcmeA! } extend type Query { \"x\" acmeQ(\"x\" a: AcmeA): Int }",
                "extend type Query { \"x\" acmeQ(\"x\" a: Int = \"text\"): Int }",
                "\"x\" interface AcmeI { \"x\" a: Int } \"x\" type AcmeT implements AcmeI { \"x\" b: Int }"
                        + " extend type Query { \"x\" acmeQ: AcmeI }"
            })
    void whatOnlyTheBuilderFindsIsLeftOutAlone(String sdl) {
        assertThat(problemOf(new Vendor(sdl).with("Query.acmeQ", _ -> 1))).isNotBlank();
    }

    @Test
    void theLineIsThatOfTheField() {
        String sdl =
                """
                extend type Query {
                  "Fine."
                  acmeA: Int
                  "Not fine."
                  acmeB: Nothing
                }
                """;
        assertThat(problemOf(new Vendor(sdl)))
                .startsWith("line 4: field Query.acmeB answers Nothing");
    }

    @Test
    void fetchersAndRolesMustBelongToTheFragment() {
        assertThat(
                        problemOf(
                                Vendor.query("acmeA", "Int", _ -> 1)
                                        .with("Query.domains", _ -> List.of())))
                .contains("a fetcher for Query.domains");
        bench.reported.clear();
        assertThat(
                        problemOf(
                                Vendor.bundle("com.acme.roles"),
                                Vendor.query("acmeA", "Int", _ -> 1)
                                        .role("Mutation.deleteDomain", Role.VIEWER)))
                .contains("a role for Mutation.deleteDomain");
    }

    @Test
    void aMutationCannotBeOpenedToViewers() {
        Vendor open =
                new Vendor("extend type Mutation { \"x\" acmeA: Int }")
                        .with("Mutation.acmeA", _ -> 1)
                        .role("Mutation.acmeA", Role.VIEWER);
        assertThat(problemOf(open)).contains("line 1: Mutation.acmeA cannot be opened to viewers");
    }

    @Test
    void aHugeFragmentIsLeftOut() {
        StringBuilder sdl = new StringBuilder("extend type Query {");
        for (int i = 0; i < 5000; i++) sdl.append(" \"x\" acmeA").append(i).append(": Int");
        assertThat(problemOf(new Vendor(sdl + " }"))).contains("at most 65536 are accepted");
        assertThat(
                        problemOf(
                                Vendor.bundle("com.acme.tokens"),
                                new Vendor(
                                        "extend type Query { \"x\" acmeA: Int @a(a: ["
                                                + "1 ".repeat(15_000)
                                                + "]) }")))
                .contains("more than 10000 tokens");
        assertThat(
                        problemOf(
                                Vendor.bundle("com.acme.deep"),
                                new Vendor(
                                        "extend type Query { \"x\" acmeA(\"x\" b: JSON = "
                                                + "[".repeat(2000)
                                                + "]".repeat(2000)
                                                + "): Int }")))
                .contains("nested deeper");
    }

    /** A contribution of which one method misbehaves. */
    private record Bad(Runnable when) implements SchemaContribution {
        @Override
        public String sdl() {
            when.run();
            return "";
        }

        @Override
        public Map<String, FieldFetcher> fetchers() {
            return Map.of();
        }
    }

    @Test
    void aContributionThatThrowsIsLeftOut() {
        assertThat(
                        problemOf(
                                new Bad(() -> {
                                    throw new NoClassDefFoundError("com/acme/Gone");
                                })))
                .contains("it threw java.lang.NoClassDefFoundError: com/acme/Gone");
    }

    @Test
    void aContributionThatHangsIsLeftOutAndKeepsNobodyWaiting() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger interrupts = new AtomicInteger();
        Bad hanging =
                new Bad(() -> {
                    while (never.getCount() > 0) {
                        try {
                            never.await();
                        } catch (InterruptedException _) {
                            interrupts.incrementAndGet();
                        }
                    }
                });
        long before = System.nanoTime();
        assertThat(problemOf(hanging)).contains("it did not say within 2000 ms");
        assertThat(System.nanoTime() - before).isLessThan(15_000_000_000L);
        Bench.await(() -> interrupts.get() > 0);
        never.countDown();
    }

    @Test
    void rankingThenTheNameDecidesAConflictAndTheLoserIsTold() {
        String sdl = "extend type Query { \"From %s.\" acmeA: String }";
        bench.contribute("com.acme.b", vendor(sdl, "b", 0));
        Runnable first = bench.contribute("com.acme.a", vendor(sdl, "a", 0));
        assertThat(at(bench.data("{ acmeA }"), "acmeA")).isEqualTo("a");
        assertThat(bench.reported.get("com.acme.b"))
                .singleElement()
                .asString()
                .contains("Query.acmeA is contributed by bundle com.acme.a 1.0.0 already");
        Runnable highest = bench.contribute("com.acme.c", vendor(sdl, "c", 5));
        assertThat(at(bench.data("{ acmeA }"), "acmeA")).isEqualTo("c");
        assertThat(bench.reported.get("com.acme.a")).hasSize(1);
        highest.run();
        assertThat(at(bench.data("{ acmeA }"), "acmeA")).isEqualTo("a");
        first.run();
        assertThat(at(bench.data("{ acmeA }"), "acmeA")).isEqualTo("b");
        assertThat(bench.reported.get("com.acme.b")).isEmpty();
        assertThat(health()).isEmpty();
    }

    private static Vendor vendor(String sdl, @Nullable String name, int ranking) {
        return new Vendor(sdl.formatted(name)).with("Query.acmeA", _ -> name).ranking(ranking);
    }

    @Test
    void aBundleOffersOneContribution() {
        bench.contribute(ACME, Vendor.query("acmeA", "Int", _ -> 1));
        bench.contribute(ACME, Vendor.query("acmeB", "Int", _ -> 2));
        assertThat(bench.reported.get(ACME))
                .singleElement()
                .asString()
                .contains("several contributions");
        assertThat(bench.engine.sdl()).contains("acmeA").doesNotContain("acmeB");
    }

    @Test
    void thePrefixComesFromTheManifestOrTheSymbolicName() {
        bench.contribute(
                new Contributor("com.example.x", "1.0.0", 7, "acme"),
                Vendor.query("acmeA", "Int", _ -> 1));
        bench.contribute("quota", Vendor.query("quotaA", "Int", _ -> 1));
        bench.contribute("org.Big-Corp.tool", Vendor.query("bigCorpA", "Int", _ -> 1));
        assertThat(bench.reported).isEmpty();
        assertThat(bench.engine.sdl()).contains("acmeA").contains("quotaA").contains("bigCorpA");
        assertThat(
                        problemOf(
                                new Contributor("com.acme.y", "1.0.0", 8, "No Prefix"),
                                Vendor.query("acmeB", "Int", _ -> 1)))
                .contains("\"No Prefix\" is no prefix")
                .contains("Spicetime-Schema-Prefix");
    }
}
