// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.language.Argument;
import graphql.language.Description;
import graphql.language.Directive;
import graphql.language.EnumTypeDefinition;
import graphql.language.EnumValueDefinition;
import graphql.language.StringValue;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/** The schema files of this bundle, with the values of the additive enums put in. Thread-safe. */
final class SchemaFiles {
    private static final List<String> PARTS =
            List.of(
                    "part-a.graphqls",
                    "part-b.graphqls",
                    "domains.graphqls",
                    "tasks.graphqls",
                    "task-history.graphqls",
                    "schedules.graphqls",
                    "configuration.graphqls",
                    "resources.graphqls",
                    "catalogue.graphqls",
                    "host.graphqls",
                    "alerts.graphqls",
                    "logs.graphqls");

    private SchemaFiles() {}

    /** The definitions to build a schema of. */
    static TypeDefinitionRegistry definitions(ServedNames names) {
        StringBuilder sdl = new StringBuilder();
        for (String part : PARTS) sdl.append(read(part)).append('\n');
        TypeDefinitionRegistry registry = new SchemaParser().parse(sdl.toString());
        replace(registry, "SchedulingPolicy", names.policies());
        replace(registry, "AllocationType", names.allocators());
        return registry;
    }

    private static String read(String part) {
        try (InputStream in = SchemaFiles.class.getResourceAsStream(part)) {
            return new String(
                    Objects.requireNonNull(in, part).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundle's own " + part + " cannot be read", e);
        }
    }

    private static void replace(
            TypeDefinitionRegistry registry,
            String type,
            SortedMap<String, ServedNames.Name> names) {
        EnumTypeDefinition reserved = registry.getTypeOrNull(type, EnumTypeDefinition.class);
        Objects.requireNonNull(reserved, type);
        Map<String, EnumValueDefinition> known = new HashMap<>();
        List<EnumValueDefinition> values = new ArrayList<>();
        // Names the API reserves keep its order and its words; those of vendors follow.
        for (EnumValueDefinition value : reserved.getEnumValueDefinitions()) {
            known.put(value.getName(), value);
            ServedNames.Name served = names.get(value.getName());
            if (served != null) values.add(marked(value, served));
        }
        names.forEach((name, served) -> {
            if (!known.containsKey(name)) values.add(marked(vendors(name, served), served));
        });
        registry.remove(reserved);
        registry.add(reserved.transform(builder -> builder.enumValueDefinitions(values)))
                .ifPresent(error -> {
                    throw new IllegalStateException(error.getMessage());
                });
    }

    private static EnumValueDefinition vendors(String name, ServedNames.Name served) {
        String text = served.description();
        return EnumValueDefinition.newEnumValueDefinition()
                .name(name)
                .description(new Description(text, null, text.contains("\n")))
                .build();
    }

    private static EnumValueDefinition marked(EnumValueDefinition value, ServedNames.Name served) {
        if (served.available()) return value;
        Directive deprecated =
                Directive.newDirective()
                        .name("deprecated")
                        .argument(
                                Argument.newArgument(
                                                "reason",
                                                new StringValue(
                                                        "No bundle that is deployed ships it."))
                                        .build())
                        .build();
        return value.transform(builder -> builder.directive(deprecated));
    }
}
