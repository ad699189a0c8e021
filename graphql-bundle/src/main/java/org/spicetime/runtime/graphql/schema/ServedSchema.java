// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.schema.DataFetcher;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.TypeResolver;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaPrinter;
import graphql.schema.idl.TypeDefinitionRegistry;
import graphql.schema.idl.TypeRuntimeWiring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.graphql.scalar.Scalars;

/**
 * Builds the schema: files, additive enum values, scalars and fetchers. A field that nobody
 * answers, or an answer without a field, stops the build. Thread-safe.
 */
public final class ServedSchema {
    private final List<Fields<?>> types = new ArrayList<>();
    private final List<RootFields> roots;

    /** A builder over these services. */
    public ServedSchema(Services services) {
        types.addAll(DomainFields.all(services));
        types.addAll(ConfigFields.all(services));
        types.addAll(TaskFields.all(services));
        types.addAll(MetricsFields.all());
        types.addAll(SampleFields.all());
        types.addAll(HostFields.all(services));
        types.addAll(HealthFields.all());
        types.addAll(CatalogueFields.all(services));
        types.addAll(ConnectionFields.types());
        types.addAll(MutationFields.types());
        roots =
                List.of(
                        new QueryFields(services).all(),
                        new MutationFields(services).all(),
                        new SubscriptionFields(services).all());
    }

    /** The schema with these values of the additive enums. */
    public GraphQLSchema build(ServedNames names) {
        TypeDefinitionRegistry definitions = SchemaFiles.definitions(names);
        GraphQLSchema schema = new SchemaGenerator().makeExecutableSchema(definitions, wiring());
        checkAnswered(schema);
        return schema;
    }

    /** The schema definition language of a schema. */
    public static String print(GraphQLSchema schema) {
        return new SchemaPrinter(
                        SchemaPrinter.Options.defaultOptions()
                                .includeScalarTypes(true)
                                .includeSchemaDefinition(false)
                                .includeDirectiveDefinitions(false))
                .print(schema);
    }

    /** The role that each root field needs, by coordinate, e.g. {@code Mutation.cancelTask}. */
    public Map<String, Role> roles() {
        Map<String, Role> roles = new LinkedHashMap<>();
        for (RootFields root : roots) {
            root.roles().forEach((field, role) -> roles.put(root.type() + "." + field, role));
        }
        return roles;
    }

    private RuntimeWiring wiring() {
        GraphQLCodeRegistry.Builder code = GraphQLCodeRegistry.newCodeRegistry();
        answers().forEach((field, fetcher) -> code.dataFetcher(field, fetcher));
        RuntimeWiring.Builder wiring = RuntimeWiring.newRuntimeWiring().codeRegistry(code);
        for (String open : List.of("Node", "CatalogEntry")) {
            wiring.type(TypeRuntimeWiring.newTypeWiring(open).typeResolver(byClass()));
        }
        for (GraphQLScalarType scalar : Scalars.all()) wiring.scalar(scalar);
        // A strict wiring refuses a second scalar of a name, and it begins with the built-in ones.
        wiring.strictMode(false).scalar(Scalars.id()).strictMode(true);
        return wiring.build();
    }

    private Map<FieldCoordinates, DataFetcher<?>> answers() {
        Map<FieldCoordinates, DataFetcher<?>> answers = new LinkedHashMap<>();
        for (Fields<?> type : types) add(answers, type.type(), type.fetchers());
        for (RootFields root : roots) add(answers, root.type(), root.fetchers());
        return answers;
    }

    private static void add(
            Map<FieldCoordinates, DataFetcher<?>> answers,
            String type,
            Map<String, DataFetcher<?>> fetchers) {
        fetchers.forEach((field, fetcher) -> {
            if (answers.put(FieldCoordinates.coordinates(type, field), fetcher) != null) {
                throw new IllegalStateException(type + "." + field + " is answered twice");
            }
        });
    }

    private static TypeResolver byClass() {
        return environment -> {
            Object value = environment.getObject();
            String type =
                    switch (value) {
                        case DomainView domain -> "DomainRuntime";
                        case Task task -> "Task";
                        case CatalogueEntry.PolicyEntry policy -> "SchedulingPolicyInfo";
                        case CatalogueEntry.AllocatorEntry allocator -> "AllocatorInfo";
                        case CatalogueEntry.HandlerEntry handler -> "TaskHandlerInfo";
                        case null, default ->
                                throw new IllegalStateException("no type for " + value);
                    };
            return environment.getSchema().getObjectType(type);
        };
    }

    private void checkAnswered(GraphQLSchema schema) {
        var unused = new ArrayList<>(answers().keySet());
        for (var type : schema.getAllTypesAsList()) {
            if (!(type instanceof GraphQLObjectType object) || object.getName().startsWith("__")) {
                continue;
            }
            for (var field : object.getFieldDefinitions()) {
                FieldCoordinates place = FieldCoordinates.coordinates(object, field);
                if (!unused.remove(place))
                    throw new IllegalStateException(place + " has no answer");
            }
        }
        if (!unused.isEmpty()) throw new IllegalStateException("not in the schema: " + unused);
    }
}
