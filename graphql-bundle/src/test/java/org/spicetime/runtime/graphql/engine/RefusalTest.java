// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;
import static org.spicetime.runtime.graphql.engine.Bench.extensions;

import graphql.introspection.IntrospectionQuery;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

class RefusalTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static String times(int n, String format) {
        return IntStream.range(0, n)
                .mapToObj(i -> format.replace("#", String.valueOf(i)))
                .collect(Collectors.joining(" "));
    }

    @SuppressWarnings("NullAway") // the class file of a compact constructor lacks the annotation
    private Outcome ask(
            @Nullable String query,
            @Nullable String operation,
            Map<String, @Nullable Object> extensions,
            boolean queriesOnly,
            boolean streaming) {
        return bench.engine.execute(
                new GraphQlRequest(
                        query,
                        operation,
                        Map.of(),
                        extensions,
                        new Caller("maria", Role.ADMIN, false),
                        queriesOnly,
                        streaming,
                        "r-1"));
    }

    private static Refusal kind(Outcome outcome) {
        return ((Outcome.Refused) outcome).kind();
    }

    @Test
    void whatDoesNotParseSaysWhere() {
        Outcome.Refused refused = bench.refused("{ domains { id ");
        assertThat(refused.kind()).isEqualTo(Refusal.PARSE);
        assertThat(extensions(refused)).containsEntry("code", "GRAPHQL_PARSE_FAILED");
        assertThat(refused.errors().getFirst()).containsKey("locations");
        assertThat(kind(bench.ask(""))).isEqualTo(Refusal.PARSE);
        assertThat(kind(ask(null, null, Map.of(), false, true))).isEqualTo(Refusal.PARSE);
    }

    @Test
    void whatDoesNotFitTheSchemaIsRefusedWithAtMostTenErrors() {
        Outcome.Refused refused = bench.refused("{ " + times(15, "nothing#") + " }");
        assertThat(refused.kind()).isEqualTo(Refusal.VALIDATION);
        assertThat(refused.errors()).hasSize(10);
        assertThat(extensions(refused)).containsEntry("code", "GRAPHQL_VALIDATION_FAILED");
    }

    @Test
    void directivesThatWouldDoNothingAreUnknownAndNotTold() {
        for (String directive :
                List.of("defer", "stream", "experimental_disableErrorPropagation", "nothing")) {
            for (String document :
                    List.of(
                            "{ domains { id ... @%s { name } } }",
                            "{ ...F @%s } fragment F on Query { viewer { name } }",
                            "query @%s { viewer { name } }")) {
                Outcome.Refused refused = bench.refused(document.formatted(directive));
                assertThat(refused.kind()).isEqualTo(Refusal.VALIDATION);
                assertThat(extensions(refused)).containsEntry("code", "GRAPHQL_VALIDATION_FAILED");
                assertThat(refused.errors())
                        .anySatisfy(error -> {
                            assertThat(String.valueOf(error.get("message")))
                                    .contains("Unknown directive '" + directive + "'");
                            assertThat(at(error, "locations.0.line")).isEqualTo(1);
                        });
            }
        }
        assertThat(bench.data("{ __schema { directives { name } } }"))
                .isEqualTo(
                        Map.of(
                                "__schema",
                                Map.of(
                                        "directives",
                                        Stream.of(
                                                        "include",
                                                        "skip",
                                                        "deprecated",
                                                        "specifiedBy",
                                                        "oneOf")
                                                .map(name -> Map.of("name", name))
                                                .toList())));
        assertThat(bench.data("{ viewer @skip(if: false) { name @include(if: true) } }"))
                .isEqualTo(Map.of("viewer", Map.of("name", "maria")));
    }

    @Test
    void operationsAreChosenByName() {
        String two = "query A { __typename } query B { domains { id } }";
        assertThat(kind(ask(two, null, Map.of(), false, true))).isEqualTo(Refusal.OPERATION_NAME);
        assertThat(kind(ask(two, "C", Map.of(), false, true))).isEqualTo(Refusal.OPERATION_NAME);
        assertThat(ask(two, "A", Map.of(), false, true)).isInstanceOf(Outcome.Executed.class);
        assertThat(ask("query A { __typename }", "", Map.of(), false, true))
                .isInstanceOf(Outcome.Executed.class);
        assertThat(kind(bench.ask("fragment F on Query { __typename }")))
                .isIn(Refusal.VALIDATION, Refusal.OPERATION_NAME);
    }

    @Test
    void aTransportThatTakesOnlyQueriesOrNoStreamsSaysSo() {
        assertThat(
                        kind(
                                ask(
                                        "mutation { pauseDomain(domainId: \"x\") { id } }",
                                        null,
                                        Map.of(),
                                        true,
                                        true)))
                .isEqualTo(Refusal.MUTATION_NOT_ALLOWED);
        assertThat(
                        kind(
                                ask(
                                        "subscription { domainStatusChanged(domainId: \"x\") }",
                                        null,
                                        Map.of(),
                                        false,
                                        false)))
                .isEqualTo(Refusal.SUBSCRIPTION_NOT_ALLOWED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Int    | 5000000000      | 2.5",
                "Int    | 1e999999999     | true",
                "Float  | text            | true",
                "BigInt | 1.5             | 1e999999999",
                "BigInt | 0x10            | +1",
                "Labels | 5               | text",
                "DateTime | 2026-01-31    | 2026-02-30T00:00:00Z",
                "DateTime | 2026-01-31T24:00:61Z | 5"
            })
    void aVariableThatDoesNotFitIsNamedWithoutAnyJavaType(String type, String a, String b) {
        for (String text : List.of(a, b)) {
            Object value =
                    switch (text) {
                        case "true" -> true;
                        case "text" -> "text";
                        default ->
                                text.matches("[0-9.e]+") && !text.equals("5000000000")
                                        ? new BigDecimal(text)
                                        : text.matches("[0-9]+")
                                                ? (Object) Long.valueOf(text)
                                                : text;
                    };
            Outcome.Refused refused = bench.refused(using(type), Map.of("value", value));
            assertThat(refused.kind()).as("%s %s", type, text).isEqualTo(Refusal.VARIABLES);
            assertThat(extensions(refused))
                    .containsEntry("code", "BAD_USER_INPUT")
                    .containsEntry("field", "value");
            assertThat(refused.errors().toString())
                    .doesNotContain("BigDecimal", "Integer", "LinkedHashMap", "java.", "graphql.");
        }
    }

    private static String using(String type) {
        return switch (type) {
            case "Int" ->
                    "query($value: Int!) { tasks(domainId: \"x\", filter: {limit: $value}) { id } }";
            case "Float" ->
                    "mutation($value: Float!) { allocateResources(domainId: \"x\", resources:"
                            + " {priority: 1, cpu: {cores: $value}}) { id } }";
            case "BigInt" ->
                    "mutation($value: BigInt!) { configureDomain(domainId: \"x\", config:"
                            + " {memory: {poolSize: $value}}) { id } }";
            case "Labels" -> "query($value: Labels!) { domains(filter: {labels: $value}) { id } }";
            default ->
                    "query($value: DateTime!) { tasks(domainId: \"x\", filter:"
                            + " {createdAfter: $value}) { id } }";
        };
    }

    @Test
    void depthAliasesRootFieldsAndTokensAreLimited() {
        Map<String, String> bombs =
                Map.of(
                        "depth",
                        "{ domains { "
                                + "tasks { domain { ".repeat(6)
                                + "id"
                                + " } }".repeat(6)
                                + " } }",
                        "aliases",
                        "{ domains { " + times(31, "a#: id") + " } }",
                        "rootFields",
                        "{ " + times(21, "viewer { name }") + " }",
                        "tokens",
                        "{ domains { " + "id ".repeat(2001) + " } }",
                        "complexity",
                        "{ domain(id: \"x\") { errors(first: 499) { task { id } code task { domain { id } } } } }");
        bombs.forEach((limit, bomb) -> {
            Outcome.Refused refused = bench.refused(bomb);
            assertThat(refused.kind()).as(limit).isEqualTo(Refusal.TOO_COMPLEX);
            assertThat(extensions(refused))
                    .containsEntry("code", "QUERY_TOO_COMPLEX")
                    .containsEntry("limit", limit);
        });
    }

    @Test
    void fragmentsThatMultiplyAreMeasuredByTheirTextAlone() {
        StringBuilder bomb = new StringBuilder("{ domains { ...F0 } }");
        for (int i = 0; i < 40; i++) {
            bomb.append(
                    " fragment F%d on DomainRuntime { a%d: id ...F%d ...F%d }"
                            .formatted(i, i, i + 1, i + 1));
        }
        bomb.append(" fragment F40 on DomainRuntime { z: id }");
        assertThat(extensions(bench.refused(bomb.toString()))).containsEntry("limit", "aliases");
        assertThat(
                        kind(
                                bench.ask(
                                        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }")))
                .isEqualTo(Refusal.VALIDATION);
    }

    @Test
    void aDocumentHasAtMostFiftyFragments() {
        StringBuilder chain = new StringBuilder("{ domains { ...F0 } }");
        for (int i = 0; i < 49; i++) {
            chain.append(" fragment F%d on DomainRuntime { ...F%d }".formatted(i, i + 1));
        }
        String fifty = chain + " fragment F49 on DomainRuntime { id }";
        assertThat(bench.ask(fifty)).isInstanceOf(Outcome.Executed.class);
        assertThat(extensions(bench.refused(fifty + " fragment F50 on DomainRuntime { ...F0 }")))
                .containsEntry("code", "QUERY_TOO_COMPLEX")
                .containsEntry("limit", "complexity");
    }

    @Test
    void theCostFollowsTheSizeInAVariable() {
        String query =
                "query($n: Int!) { domain(id: \"ethical-scoring\") { errors(first: $n) { task { id } } } }";
        assertThat(bench.ask(query, Map.of("n", 400))).isInstanceOf(Outcome.Executed.class);
        assertThat(extensions(bench.refused(query, Map.of("n", 500))))
                .containsEntry("limit", "complexity");
        assertThat(bench.ask(query, Map.of("n", 400))).isInstanceOf(Outcome.Executed.class);
        assertThat(extensions(bench.error(query, Map.of("n", -1))))
                .containsEntry("code", "BAD_USER_INPUT")
                .containsEntry("field", "first");
    }

    @Test
    void selectionsThatNestWithoutFieldsEndBeforeTheStackDoes() throws InterruptedException {
        Limits wide = new Limits(100_000, 100, 1000, 1000, 1_000_000, Duration.ofSeconds(5));
        try (Bench generous = new Bench(wide)) {
            // As deep as the parser takes, and fifty of them in a row.
            String open = "... on DomainRuntime { ".repeat(80);
            String close = "} ".repeat(80);
            StringBuilder chain = new StringBuilder("{ domains { ...F0 } }");
            for (int i = 0; i < 49; i++) {
                chain.append(
                        " fragment F%d on DomainRuntime { %s ...F%d %s }"
                                .formatted(i, open, i + 1, close));
            }
            chain.append(" fragment F49 on DomainRuntime { id }");
            // Backwards, each is measured when the next is known.
            StringBuilder backwards = new StringBuilder();
            for (int i = 48; i >= 0; i--) {
                backwards.append("query Q%d { domains { ...F%d } } ".formatted(i, i));
            }
            String knownAlready =
                    backwards + chain.toString().replace("{ domains { ...F0 } } ", "");
            List<Object> seen = new ArrayList<>();
            Thread small =
                    new Thread(
                            null,
                            () -> {
                                for (String document : List.of(chain.toString(), knownAlready)) {
                                    seen.add(extensions(generous.refused(document)).get("limit"));
                                }
                            },
                            "a stack of half a megabyte",
                            512 << 10);
            small.start();
            small.join();
            assertThat(seen).containsExactly("depth", "depth");
        }
    }

    @Test
    void aTimelineCostsFiftyPointsAndItsSlices() {
        String query = "{ domain(id: \"ethical-scoring\") { timeline(first: %d) { worker } } }";
        assertThat(bench.ask(query.formatted(949))).isInstanceOf(Outcome.Executed.class);
        assertThat(bench.refused(query.formatted(950)).errors().toString())
                .contains("costs 1001 points");
        String ofMany =
                "{ %s }"
                        .formatted(
                                times(
                                        19,
                                        "a#: domain(id: \"ethical-scoring\") { timeline(first: 2) { worker } }"));
        assertThat(bench.refused(ofMany).errors().toString()).contains("costs 1007 points");
    }

    @Test
    void introspectionIsDeepByNatureButAskedForOnce() {
        assertThat(bench.response(IntrospectionQuery.INTROSPECTION_QUERY, Map.of()))
                .doesNotContainKey("errors");
        assertThat(
                        extensions(
                                bench.refused(
                                        "{ __schema { types { name fields { type { fields { name type { fields { name } } } } } } } }")))
                .containsEntry("code", "QUERY_TOO_COMPLEX");
    }

    @Test
    void tooManyObjectsEmptyTheAnswerInsteadOfTheHeap() {
        FakeDomain domain = bench.host.domain("ethical-scoring");
        for (int i = 0; i < 300; i++) {
            domain.put(domain.task(TaskRequest.of(TaskType.IO).build(), TaskPhase.READY));
        }
        Map<String, ?> response =
                bench.response(
                        "{ tasks(domainId: \"ethical-scoring\") { id dependents { id dependents { id } } } }",
                        Map.of());
        assertThat(response).containsEntry("data", null);
        assertThat(at(response, "errors.0.extensions.code")).isEqualTo("QUERY_TOO_COMPLEX");
        assertThat(at(response, "errors.0.extensions.limit")).isEqualTo("objects");
    }

    @Test
    void aPersistedQueryIsKnownOnceItWasSentWithItsHash() {
        String text = "{ viewer { name } }";
        String hash = Hashes.sha256(text);
        Map<String, @Nullable Object> apq = persisted(hash);
        assertThat(kind(ask(null, null, apq, false, true)))
                .isEqualTo(Refusal.PERSISTED_QUERY_NOT_FOUND);
        assertThat(kind(ask("{ viewer { role } }", null, apq, false, true)))
                .isEqualTo(Refusal.PERSISTED_QUERY_MISMATCH);
        assertThat(ask(text, null, apq, false, true)).isInstanceOf(Outcome.Executed.class);
        assertThat(ask(null, null, apq, false, true)).isInstanceOf(Outcome.Executed.class);
    }

    private static Map<String, @Nullable Object> persisted(String hash) {
        return Map.of("persistedQuery", Map.of("version", 1, "sha256Hash", hash));
    }

    @Test
    void onlyValidDocumentsAreKept() {
        String text = "{ nothing }";
        Map<String, @Nullable Object> apq = persisted(Hashes.sha256(text));
        assertThat(kind(ask(text, null, apq, false, true))).isEqualTo(Refusal.VALIDATION);
        assertThat(kind(ask(null, null, apq, false, true)))
                .isEqualTo(Refusal.PERSISTED_QUERY_NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "zz", "0123"})
    void aMalformedHashIsRefused(String hash) {
        assertThat(kind(ask(null, null, persisted(hash), false, true)))
                .isEqualTo(Refusal.PERSISTED_QUERY_MALFORMED);
        assertThat(
                        kind(
                                ask(
                                        null,
                                        null,
                                        Collections.singletonMap("persistedQuery", "text"),
                                        false,
                                        true)))
                .isEqualTo(Refusal.PERSISTED_QUERY_MALFORMED);
    }

    @Test
    void theCacheKeepsWithinItsBytes() {
        BoundedCache<String> cache = new BoundedCache<>(100);
        for (int i = 0; i < 20; i++) cache.put("k" + i, "v", 30);
        assertThat(cache.bytes()).isLessThanOrEqualTo(100);
        assertThat(cache.get("k0")).isNull();
        assertThat(cache.get("k19")).isEqualTo("v");
        cache.put("huge", "v", 101);
        assertThat(cache.get("huge")).isNull();
    }

    @Test
    void aFieldThatAnInputLacksIsNamed() {
        Outcome.Refused refused =
                bench.refused(
                        "mutation($i: TaskInput!) { scheduleTask(input: $i) { id } }",
                        Map.of("i", Map.of("nosuch", 1)));
        assertThat(refused.kind()).isEqualTo(Refusal.VARIABLES);
        assertThat(extensions(refused)).containsEntry("field", "nosuch");
    }
}
