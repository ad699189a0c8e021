// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.graphql.engine.Bench.at;

import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLInputType;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLNonNull;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.graphql.schema.SchemaState;
import org.spicetime.runtime.graphql.schema.ServedSchema;

/** Every root field by every role, generated from the schema and the table of roles. */
class RoleMatrixTest {
    private final Bench bench =
            new Bench(new Rules(Limits.STANDARD, new Rates(1000, 1000, 1_000_000), true, null));

    private final List<FakeDomain> domains =
            List.of(bench.host.domain("ethical-scoring"), bench.host.domain("content-processing"));

    @AfterEach
    void close() {
        bench.close();
    }

    @TestFactory
    Stream<DynamicTest> aRootFieldIsForThoseOfItsRoleAndAbove() {
        Map<String, Role> roles = new ServedSchema(bench.services, new SchemaState()).roles();
        GraphQLSchema schema = bench.generations.current().schema();
        Map<String, String> documents = new TreeMap<>();
        add(documents, "query", Objects.requireNonNull(schema.getQueryType()));
        add(documents, "mutation", Objects.requireNonNull(schema.getMutationType()));
        add(documents, "subscription", Objects.requireNonNull(schema.getSubscriptionType()));
        assertThat(documents.keySet()).isEqualTo(new TreeMap<>(roles).keySet());
        assertThat(roles.values()).contains(Role.values());
        // Those that are refused come first: what they are about is still there.
        return Stream.concat(tests(documents, roles, false), tests(documents, roles, true));
    }

    private Stream<DynamicTest> tests(
            Map<String, String> documents, Map<String, Role> roles, boolean allowed) {
        return documents.entrySet().stream()
                .flatMap(document ->
                        Stream.of(Role.values())
                                .filter(role ->
                                        allowed
                                                == (role.compareTo(
                                                                Objects.requireNonNull(
                                                                        roles.get(
                                                                                document.getKey())))
                                                        >= 0))
                                .map(role ->
                                        DynamicTest.dynamicTest(
                                                document.getKey() + " by " + role,
                                                () ->
                                                        require(
                                                                document.getValue(),
                                                                role,
                                                                allowed))));
    }

    private void require(String document, Role role, boolean allowed) {
        List<Object> before = state();
        String code = code(bench.engine.execute(Bench.request(document, Map.of(), role)));
        if (allowed) {
            assertThat(code).as(document).isNotEqualTo("FORBIDDEN");
        } else {
            assertThat(code).as(document).isEqualTo("FORBIDDEN");
            assertThat(state()).as(document).isEqualTo(before);
        }
    }

    /** What the host was asked for so far. */
    private List<Object> state() {
        List<Object> state = new ArrayList<>(List.of(List.copyOf(bench.host.asked)));
        state.add(List.copyOf(bench.host.created));
        for (FakeDomain domain : domains) {
            state.add(List.copyOf(domain.patches));
            state.add(List.copyOf(domain.requests));
            state.add(List.copyOf(domain.reservations));
            state.add(List.copyOf(domain.callers));
            state.add(domain.taskListeners.size() + domain.stateListeners.size());
        }
        return state;
    }

    private static String code(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refused refused -> throw new AssertionError("not run: " + refused);
            case Outcome.Stream stream -> {
                Probe probe = new Probe();
                stream.responses().subscribe(probe);
                probe.cancel();
                yield "";
            }
            case Outcome.Executed executed -> {
                Map<String, ?> answer =
                        executed.response()
                                .toCompletableFuture()
                                .orTimeout(20, TimeUnit.SECONDS)
                                .join()
                                .map();
                yield answer.get("errors") == null
                        ? ""
                        : String.valueOf(at(answer, "errors.0.extensions.code"));
            }
        };
    }

    private static void add(Map<String, String> documents, String kind, GraphQLObjectType root) {
        for (GraphQLFieldDefinition field : root.getFieldDefinitions()) {
            String arguments =
                    field.getArguments().stream()
                            .filter(argument ->
                                    GraphQLTypeUtil.isNonNull(argument.getType())
                                            && !argument.hasSetDefaultValue())
                            .map(RoleMatrixTest::argument)
                            .collect(Collectors.joining(" "));
            boolean leaf = GraphQLTypeUtil.isLeaf(GraphQLTypeUtil.unwrapAll(field.getType()));
            documents.put(
                    root.getName() + "." + field.getName(),
                    "%s { %s%s%s }"
                            .formatted(
                                    kind,
                                    field.getName(),
                                    arguments.isEmpty() ? "" : "(" + arguments + ")",
                                    leaf ? "" : " { __typename }"));
        }
    }

    private static String argument(GraphQLArgument argument) {
        return argument.getName() + ": " + literal(argument.getName(), argument.getType());
    }

    /** A value with no more than what is required. */
    private static String literal(String name, GraphQLType declared) {
        return switch (declared) {
            case GraphQLNonNull type -> literal(name, type.getWrappedType());
            case GraphQLList type -> "[" + literal(name, type.getWrappedType()) + "]";
            case GraphQLEnumType type -> type.getValues().getFirst().getName();
            case GraphQLInputObjectType type ->
                    type.getFieldDefinitions().stream()
                            .filter(RoleMatrixTest::required)
                            .map(field ->
                                    field.getName()
                                            + ": "
                                            + literal(field.getName(), field.getType()))
                            .collect(Collectors.joining(" ", "{", "}"));
            default ->
                    switch (((GraphQLNamedType) declared).getName()) {
                        case "Int", "Float" -> "1";
                        case "BigInt" -> "\"1\"";
                        case "Boolean" -> "false";
                        case "DateTime" -> "\"2026-01-01T00:00:00Z\"";
                        case "JSON", "Labels" -> "{}";
                        default -> name.equals("domainId") ? "\"ethical-scoring\"" : "\"a-1\"";
                    };
        };
    }

    private static boolean required(GraphQLInputObjectField field) {
        GraphQLInputType type = field.getType();
        return GraphQLTypeUtil.isNonNull(type) && !field.hasSetDefaultValue();
    }
}
