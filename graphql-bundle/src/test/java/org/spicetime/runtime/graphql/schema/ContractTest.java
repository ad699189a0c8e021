// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.GraphQL;
import graphql.ParseAndValidate;
import graphql.introspection.IntrospectionQuery;
import graphql.introspection.IntrospectionResultToSchema;
import graphql.language.AstPrinter;
import graphql.language.Document;
import graphql.language.EnumTypeDefinition;
import graphql.language.FieldDefinition;
import graphql.language.InputObjectTypeDefinition;
import graphql.language.ObjectTypeDefinition;
import graphql.language.TypeDefinition;
import graphql.parser.Parser;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.alert.Alerts;
import org.spicetime.runtime.api.catalogue.Bundles;
import org.spicetime.runtime.api.catalogue.Catalogue;
import org.spicetime.runtime.api.domain.Domains;
import org.spicetime.runtime.api.log.Logs;
import org.spicetime.runtime.graphql.stream.Ticks;

/** The schema that is served against the contract and against the API document. */
class ContractTest {
    private static final GraphQLSchema CONTRACT =
            UnExecutableSchemaGenerator.makeUnExecutableSchema(
                    new SchemaParser().parse(read("/contract/domain-runtime-api.graphqls")));
    private static final ServedSchema BUILDER =
            new ServedSchema(
                    new Services(
                            absent(Domains.class),
                            absent(Catalogue.class),
                            absent(Bundles.class),
                            absent(Alerts.class),
                            () -> absent(Logs.class),
                            absent(Ticks.class)),
                    new SchemaState());
    private static final GraphQLSchema SERVED = BUILDER.build(everyName());

    // Building a schema asks no service.
    private static <T> T absent(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            throw new IllegalStateException("nobody is to be asked");
                        }));
    }

    private static ServedNames everyName() {
        return new ServedNames(names("SchedulingPolicy"), names("AllocationType"));
    }

    private static SortedMap<String, ServedNames.Name> names(String type) {
        SortedMap<String, ServedNames.Name> names = new TreeMap<>();
        ((GraphQLEnumType) Objects.requireNonNull(CONTRACT.getType(type)))
                .getValues()
                .forEach(value ->
                        names.put(
                                value.getName(),
                                new ServedNames.Name(
                                        String.valueOf(value.getDescription()), true)));
        return names;
    }

    private static String read(String resource) {
        try (InputStream in = ContractTest.class.getResourceAsStream(resource)) {
            return new String(
                    Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Definitions as one line each, descriptions and order of fields apart. */
    private static Set<String> definitions(String sdl) {
        Set<String> lines = new TreeSet<>();
        TypeDefinitionRegistry registry = new SchemaParser().parse(sdl);
        for (TypeDefinition<?> type : registry.getTypes(TypeDefinition.class)) {
            switch (type) {
                case ObjectTypeDefinition object -> {
                    for (FieldDefinition field : object.getFieldDefinitions()) {
                        StringBuilder line = new StringBuilder("type ");
                        line.append(object.getName()).append('.').append(field.getName());
                        field.getInputValueDefinitions()
                                .forEach(argument ->
                                        line.append(" (")
                                                .append(argument.getName())
                                                .append(": ")
                                                .append(AstPrinter.printAst(argument.getType()))
                                                .append(')'));
                        lines.add(line + ": " + AstPrinter.printAst(field.getType()));
                    }
                }
                case InputObjectTypeDefinition input ->
                        input.getInputValueDefinitions()
                                .forEach(field ->
                                        lines.add(
                                                "input "
                                                        + input.getName()
                                                        + "."
                                                        + field.getName()
                                                        + ": "
                                                        + AstPrinter.printAst(field.getType())));
                case EnumTypeDefinition choices ->
                        choices.getEnumValueDefinitions()
                                .forEach(value ->
                                        lines.add(
                                                "enum "
                                                        + choices.getName()
                                                        + "."
                                                        + value.getName()));
                default -> lines.add("unexpected " + type.getName());
            }
        }
        return lines;
    }

    @Test
    void partAIsTheApiDocument() {
        Set<String> document = definitions(read("/contract/api-document.graphqls"));
        assertThat(document).hasSizeGreaterThan(90);
        assertThat(definitions(read("/org/spicetime/runtime/graphql/schema/part-a.graphqls")))
                .isEqualTo(document);
    }

    @Test
    void everyElementOfPartAIsServedAsItIs() {
        Elements served = Elements.of(SERVED);
        for (String line : definitions(read("/contract/api-document.graphqls"))) {
            String[] parts = line.split(" ", 2)[1].split("( \\(|: )", 2);
            assertThat(served.signatures()).as(line).containsKey(parts[0]);
            if (line.startsWith("type")) {
                String type = line.substring(line.lastIndexOf(": ") + 2);
                assertThat(served.signatures()).as(line).containsEntry(parts[0], type);
            }
        }
    }

    @Test
    void whatIsServedIsPartOfTheContract() {
        Elements contract = Elements.of(CONTRACT);
        assertThat(contract.missingOf(Elements.of(SERVED))).isEmpty();
        Elements.of(SERVED)
                .signatures()
                .forEach((coordinate, signature) ->
                        assertThat(contract.signatures()).containsEntry(coordinate, signature));
    }

    @Test
    void whatIsMissingOfTheContractIsListed() throws IOException {
        SortedMap<String, String> missing = Elements.of(SERVED).missingOf(Elements.of(CONTRACT));
        List<String> lines = List.copyOf(missing.keySet());
        Path report = Path.of("target", "not-served.txt");
        Files.createDirectories(report.getParent());
        Files.write(report, lines);
        assertThat(lines)
                .as("target/not-served.txt is the list that holds now")
                .isEqualTo(read("/contract/not-served.txt").lines().toList());
    }

    @Test
    void everyElementIsDescribed() {
        assertThat(Elements.of(SERVED).descriptions()).isNotEmpty();
        Elements.of(SERVED)
                .descriptions()
                .forEach((coordinate, text) -> assertThat(text).as(coordinate).isNotBlank());
    }

    @Test
    void thePrintedSchemaIsTheSchema() {
        Elements printed =
                Elements.of(
                        UnExecutableSchemaGenerator.makeUnExecutableSchema(
                                new SchemaParser().parse(ServedSchema.print(SERVED))));
        assertThat(printed).isEqualTo(Elements.of(SERVED));
    }

    @Test
    void introspectionTellsTheSchema() {
        Document told =
                new IntrospectionResultToSchema()
                        .createSchemaDefinition(
                                GraphQL.newGraphQL(SERVED)
                                        .build()
                                        .execute(IntrospectionQuery.INTROSPECTION_QUERY));
        Elements rebuilt =
                Elements.of(
                        UnExecutableSchemaGenerator.makeUnExecutableSchema(
                                new SchemaParser().buildRegistry(told)));
        assertThat(rebuilt.signatures()).isEqualTo(Elements.of(SERVED).signatures());
        assertThat(rebuilt.descriptions().keySet())
                .isEqualTo(Elements.of(SERVED).descriptions().keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ConfigureDomain", "WatchTask", "AllocateResources"})
    void theExampleOperationsAreValidAsWritten(String operation) {
        Document document = Parser.parse(read("/contract/" + operation + ".graphql"));
        assertThat(ParseAndValidate.validate(SERVED, document, Locale.ENGLISH)).isEmpty();
    }

    @Test
    void everyRootFieldHasARole() {
        Set<String> roots = new TreeSet<>();
        for (GraphQLObjectType root :
                List.<GraphQLObjectType>of(
                        Objects.requireNonNull(SERVED.getQueryType()),
                        Objects.requireNonNull(SERVED.getMutationType()),
                        Objects.requireNonNull(SERVED.getSubscriptionType()))) {
            root.getFieldDefinitions()
                    .forEach(field -> roots.add(root.getName() + "." + field.getName()));
        }
        assertThat(new TreeSet<>(BUILDER.roles().keySet())).isEqualTo(roots);
    }

    @Test
    void onlyAdministratorsCreateAndDeleteDomainsAndEjectPlugins() {
        assertThat(BUILDER.roles())
                .allSatisfy((field, role) ->
                        assertThat(role.name())
                                .as(field)
                                .isEqualTo(
                                        switch (field) {
                                            case "Mutation.createDomain",
                                                    "Mutation.deleteDomain",
                                                    "Mutation.backupStore",
                                                    "Mutation.setLogLevel",
                                                    "Mutation.ejectPlugin",
                                                    "Mutation.reinstatePlugin" ->
                                                    "ADMIN";
                                            case "Query.logs", "Subscription.logAppended" ->
                                                    "OPERATOR";
                                            default ->
                                                    field.startsWith("Mutation.")
                                                            ? "OPERATOR"
                                                            : "VIEWER";
                                        }));
    }
}
