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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.CatalogueEntry;
import org.spicetime.runtime.api.catalogue.DeployedBundle;
import org.spicetime.runtime.api.schedule.Schedule;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.graphql.scalar.Scalars;

/**
 * Builds the schema: files, additive enum values, scalars and fetchers. A field that nobody
 * answers, or an answer without a field, stops the build. Thread-safe.
 */
public final class ServedSchema {
    private static final String API = "org.spicetime.runtime.api.";

    private final List<Fields<?>> types = new ArrayList<>();
    private final List<RootFields> roots;

    /** A builder over these services; the state tells of the schemas that were built. */
    public ServedSchema(Services services, SchemaState state) {
        types.addAll(DomainFields.all(services));
        types.addAll(ConfigFields.all(services));
        types.addAll(RevisionFields.all());
        types.addAll(TaskFields.all(services));
        types.addAll(TaskHistoryFields.all(services));
        types.add(ScheduleFields.type(services));
        types.addAll(AnalysisFields.all(services));
        types.addAll(MetricsFields.all());
        types.addAll(MemoryFields.all(services));
        types.addAll(SampleFields.all());
        types.addAll(TimelineFields.all());
        types.addAll(HostFields.all(services));
        types.addAll(HealthFields.all());
        types.add(AlertFields.type());
        types.add(LogFields.type());
        types.addAll(CatalogueFields.all(services));
        types.add(BundleFields.type(services, state));
        types.addAll(ConnectionFields.types());
        types.addAll(MutationFields.types());
        types.add(SubscriptionFields.type());
        roots =
                List.of(
                        new QueryFields(services, state).all(),
                        new MutationFields(services).all(),
                        new SubscriptionFields(services, state).all());
    }

    /** The schema of the host alone. */
    public GraphQLSchema build(ServedNames names) {
        return build(definitions(names), List.of());
    }

    /**
     * The schema of the host with what bundles add.
     *
     * @param definitions of the host; what is added is put in
     */
    public GraphQLSchema build(
            TypeDefinitionRegistry definitions, List<? extends SchemaAddition> additions) {
        for (SchemaAddition addition : additions) definitions.merge(addition.definitions());
        Map<FieldCoordinates, DataFetcher<?>> answers = answers(additions);
        GraphQLSchema schema =
                new SchemaGenerator().makeExecutableSchema(definitions, wiring(answers, additions));
        checkAnswered(schema, answers.keySet());
        return OfferedDirectives.withoutWithheld(schema);
    }

    /** The definitions of the host alone; a copy of the caller's own. */
    public static TypeDefinitionRegistry definitions(ServedNames names) {
        return SchemaFiles.definitions(names);
    }

    /**
     * The types of the host that bundles can extend: Query, Mutation, and those whose objects a
     * bundle can be given, since their class is part of the API.
     */
    public Set<String> extensible() {
        Set<String> open = new TreeSet<>(Set.of("Query", "Mutation"));
        for (Fields<?> type : types) {
            if (type.source() == DomainView.class
                    || type.source().getPackageName().startsWith(API)) {
                open.add(type.type());
            }
        }
        return open;
    }

    /** An object of an {@link #extensible()} type as bundles know it; null stays null. */
    public static @Nullable Object forBundles(@Nullable Object source) {
        return source instanceof DomainView view ? view.domain() : source;
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

    private static RuntimeWiring wiring(
            Map<FieldCoordinates, DataFetcher<?>> answers,
            List<? extends SchemaAddition> additions) {
        GraphQLCodeRegistry.Builder code = GraphQLCodeRegistry.newCodeRegistry();
        answers.forEach((field, fetcher) -> code.dataFetcher(field, fetcher));
        RuntimeWiring.Builder wiring = RuntimeWiring.newRuntimeWiring().codeRegistry(code);
        for (String open : List.of("Node", "CatalogEntry")) {
            wiring.type(TypeRuntimeWiring.newTypeWiring(open).typeResolver(byClass()));
        }
        for (SchemaAddition addition : additions) {
            addition.resolvers()
                    .forEach((type, resolver) ->
                            wiring.type(
                                    TypeRuntimeWiring.newTypeWiring(type).typeResolver(resolver)));
        }
        for (GraphQLScalarType scalar : Scalars.all()) wiring.scalar(scalar);
        // A strict wiring refuses a second scalar of a name, and it begins with the built-in ones.
        wiring.strictMode(false).scalar(Scalars.id()).strictMode(true);
        return wiring.build();
    }

    private Map<FieldCoordinates, DataFetcher<?>> answers(
            List<? extends SchemaAddition> additions) {
        Map<FieldCoordinates, DataFetcher<?>> answers = new LinkedHashMap<>();
        for (Fields<?> type : types) add(answers, type.type(), type.fetchers());
        for (RootFields root : roots) add(answers, root.type(), root.fetchers());
        for (SchemaAddition addition : additions) {
            addition.fetchers().forEach((field, fetcher) -> add(answers, field, fetcher));
        }
        return answers;
    }

    private static void add(
            Map<FieldCoordinates, DataFetcher<?>> answers,
            String type,
            Map<String, DataFetcher<?>> fetchers) {
        fetchers.forEach((field, fetcher) ->
                add(answers, FieldCoordinates.coordinates(type, field), fetcher));
    }

    private static void add(
            Map<FieldCoordinates, DataFetcher<?>> answers,
            FieldCoordinates field,
            DataFetcher<?> fetcher) {
        if (answers.put(field, fetcher) != null) {
            throw new IllegalStateException(field + " is answered twice");
        }
    }

    private static TypeResolver byClass() {
        return environment -> {
            Object value = environment.getObject();
            String type =
                    switch (value) {
                        case DomainView domain -> "DomainRuntime";
                        case Task task -> "Task";
                        case Schedule schedule -> "Schedule";
                        case DeployedBundle bundle -> "Bundle";
                        case CatalogueEntry.PolicyEntry policy -> "SchedulingPolicyInfo";
                        case CatalogueEntry.AllocatorEntry allocator -> "AllocatorInfo";
                        case CatalogueEntry.HandlerEntry handler -> "TaskHandlerInfo";
                        case null, default ->
                                throw new IllegalStateException("no type for " + value);
                    };
            return environment.getSchema().getObjectType(type);
        };
    }

    private static void checkAnswered(GraphQLSchema schema, Set<FieldCoordinates> answered) {
        var unused = new LinkedHashSet<>(answered);
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
