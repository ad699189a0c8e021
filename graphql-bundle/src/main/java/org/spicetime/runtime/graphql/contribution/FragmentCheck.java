// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import graphql.language.AbstractDescribedNode;
import graphql.language.Definition;
import graphql.language.Directive;
import graphql.language.DirectivesContainer;
import graphql.language.EnumTypeDefinition;
import graphql.language.EnumTypeExtensionDefinition;
import graphql.language.EnumValueDefinition;
import graphql.language.FieldDefinition;
import graphql.language.InputObjectTypeDefinition;
import graphql.language.InputObjectTypeExtensionDefinition;
import graphql.language.InputValueDefinition;
import graphql.language.InterfaceTypeDefinition;
import graphql.language.InterfaceTypeExtensionDefinition;
import graphql.language.Node;
import graphql.language.ObjectTypeDefinition;
import graphql.language.ObjectTypeExtensionDefinition;
import graphql.language.SDLNamedDefinition;
import graphql.language.TypeDefinition;
import graphql.language.TypeName;
import graphql.language.UnionTypeDefinition;
import graphql.language.UnionTypeExtensionDefinition;
import graphql.schema.idl.ScalarInfo;
import graphql.schema.idl.TypeDefinitionRegistry;
import graphql.schema.idl.TypeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.security.Role;

/**
 * The rules of a fragment, against the schema of the host: new types and {@code extend type} alone,
 * names with the prefix, nothing overridden, everything described, an answer for every field. Used
 * by one thread.
 */
final class FragmentCheck {
    private final Fragment fragment;
    private final NamePrefix prefix;
    private final TypeDefinitionRegistry host;
    private final Set<String> extensible;
    private final Map<String, TypeDefinition<?>> own = new LinkedHashMap<>();

    /** Fields by coordinate, with whether only a fetcher can answer them. */
    private final Map<String, Boolean> fields = new LinkedHashMap<>();

    /**
     * @param host definitions of the host
     * @param extensible types of the host that may be extended
     */
    FragmentCheck(
            Fragment fragment,
            NamePrefix prefix,
            TypeDefinitionRegistry host,
            Set<String> extensible) {
        this.fragment = fragment;
        this.prefix = prefix;
        this.host = host;
        this.extensible = extensible;
    }

    /** Checks all rules, and tells the coordinates the fragment adds, in order. */
    Set<String> run() throws BrokenFragmentException {
        for (Definition<?> definition : fragment.document().getDefinitions()) declare(definition);
        if (own.isEmpty()
                && fragment.document()
                        .getDefinitionsOfType(ObjectTypeExtensionDefinition.class)
                        .isEmpty()) {
            throw new BrokenFragmentException("its SDL defines nothing");
        }
        for (Definition<?> definition : fragment.document().getDefinitions()) {
            if (definition instanceof ObjectTypeExtensionDefinition extension) extend(extension);
            else members((TypeDefinition<?>) definition);
        }
        requireFetchers();
        requireRoles();
        Set<String> coordinates = new TreeSet<>(own.keySet());
        coordinates.addAll(fields.keySet());
        return coordinates;
    }

    private void declare(Definition<?> definition) throws BrokenFragmentException {
        boolean extension =
                definition instanceof InputObjectTypeExtensionDefinition
                        || definition instanceof EnumTypeExtensionDefinition
                        || definition instanceof InterfaceTypeExtensionDefinition
                        || definition instanceof UnionTypeExtensionDefinition;
        boolean type =
                definition instanceof ObjectTypeDefinition
                        || definition instanceof InputObjectTypeDefinition
                        || definition instanceof EnumTypeDefinition
                        || definition instanceof InterfaceTypeDefinition
                        || definition instanceof UnionTypeDefinition;
        if (extension || !type) {
            String what =
                    definition.getClass().getSimpleName().replace("Definition", "")
                            + (definition instanceof SDLNamedDefinition<?> named
                                    ? " " + named.getName()
                                    : "");
            throw at(
                    definition,
                    "only new types, inputs, enums, interfaces, unions and \"extend type\" are accepted, not "
                            + what);
        }
        if (definition instanceof ObjectTypeExtensionDefinition) return;
        TypeDefinition<?> named = (TypeDefinition<?>) definition;
        String name = named.getName();
        if (host.getTypeOrNull(name) != null || ScalarInfo.isGraphqlSpecifiedScalar(name)) {
            throw at(
                    named,
                    "type "
                            + name
                            + " exists in the host's schema; use \"extend type\" to add fields to it");
        }
        if (!prefix.beginsType(name)) {
            throw at(
                    named,
                    "type %s must begin with %s, the prefix of this bundle"
                            .formatted(name, prefix.type()));
        }
        if (own.put(name, named) != null) throw at(named, "type " + name + " is defined twice");
        requireDescription(named, "type " + name);
        requireDirectives(named, name);
    }

    private void extend(ObjectTypeExtensionDefinition extension) throws BrokenFragmentException {
        String type = extension.getName();
        ObjectTypeDefinition extended = host.getTypeOrNull(type, ObjectTypeDefinition.class);
        if (extended == null || !extensible.contains(type)) {
            throw at(
                    extension,
                    "type %s cannot be extended; these can: %s"
                            .formatted(type, String.join(", ", new TreeSet<>(extensible))));
        }
        if (!extension.getImplements().isEmpty() || !extension.getDirectives().isEmpty()) {
            throw at(extension, "an extension of " + type + " adds fields and nothing else");
        }
        for (FieldDefinition field : extension.getFieldDefinitions()) {
            String name = field.getName();
            if (exists(extended, name)) {
                throw at(field, "field " + type + "." + name + " exists and cannot be overridden");
            }
            if (!prefix.beginsField(name)) {
                throw at(
                        field,
                        "field %s.%s must begin with %s, the prefix of this bundle"
                                .formatted(type, name, prefix.field()));
            }
            field(type, field, true);
        }
    }

    private boolean exists(ObjectTypeDefinition type, String field) {
        return Stream.concat(
                        Stream.of(type),
                        host
                                .objectTypeExtensions()
                                .getOrDefault(type.getName(), List.of())
                                .stream())
                .flatMap(part -> part.getFieldDefinitions().stream())
                .anyMatch(existing -> existing.getName().equals(field));
    }

    private void members(TypeDefinition<?> type) throws BrokenFragmentException {
        switch (type) {
            case ObjectTypeDefinition object -> {
                requireOwn(object, object.getImplements());
                for (FieldDefinition field : object.getFieldDefinitions()) {
                    field(object.getName(), field, !field.getInputValueDefinitions().isEmpty());
                }
            }
            case InterfaceTypeDefinition open -> {
                requireOwn(open, open.getImplements());
                for (FieldDefinition field : open.getFieldDefinitions()) shape(type, field);
            }
            case UnionTypeDefinition union -> requireOwn(union, union.getMemberTypes());
            case InputObjectTypeDefinition input -> {
                for (InputValueDefinition value : input.getInputValueDefinitions()) {
                    input(value, input.getName() + "." + value.getName());
                }
            }
            case EnumTypeDefinition choices -> {
                for (EnumValueDefinition value : choices.getEnumValueDefinitions()) {
                    requireDescription(value, choices.getName() + "." + value.getName());
                    requireDirectives(value, choices.getName() + "." + value.getName());
                }
            }
            default -> throw at(type, "a " + type.getClass().getSimpleName() + " is not accepted");
        }
    }

    private void field(String type, FieldDefinition field, boolean needsFetcher)
            throws BrokenFragmentException {
        String coordinate = type + "." + field.getName();
        if (fields.put(coordinate, needsFetcher) != null) {
            throw at(field, "field " + coordinate + " is defined twice");
        }
        TypeDefinition<?> owner = own.get(type);
        shape(owner == null ? host.getTypeOrNull(type) : owner, field);
    }

    private void shape(@Nullable TypeDefinition<?> owner, FieldDefinition field)
            throws BrokenFragmentException {
        String coordinate = (owner == null ? "?" : owner.getName()) + "." + field.getName();
        requireDescription(field, "field " + coordinate);
        requireDirectives(field, coordinate);
        for (InputValueDefinition argument : field.getInputValueDefinitions()) {
            input(argument, coordinate + "(" + argument.getName() + ":)");
        }
        String answered = TypeInfo.typeInfo(field.getType()).getName();
        if (own.containsKey(answered) || plain(answered)) return;
        throw at(
                field,
                known(answered)
                        ? "field %s answers %s, which only the host can make; answer its id instead"
                                .formatted(coordinate, answered)
                        : "field %s answers %s, which is not defined"
                                .formatted(coordinate, answered));
    }

    private void input(InputValueDefinition value, String coordinate)
            throws BrokenFragmentException {
        requireDescription(value, coordinate);
        requireDirectives(value, coordinate);
        String type = TypeInfo.typeInfo(value.getType()).getName();
        TypeDefinition<?> defined = own.get(type);
        boolean fits =
                defined instanceof InputObjectTypeDefinition
                        || defined instanceof EnumTypeDefinition
                        || plain(type);
        if (!fits) {
            throw at(
                    value,
                    "%s takes %s; only scalars, enums and inputs of the fragment are accepted"
                            .formatted(coordinate, type));
        }
    }

    /** Scalars and enums of the host. */
    private boolean plain(String type) {
        return ScalarInfo.isGraphqlSpecifiedScalar(type)
                || host.scalars().containsKey(type)
                || host.getTypeOrNull(type, EnumTypeDefinition.class) != null;
    }

    private boolean known(String type) {
        return host.getTypeOrNull(type) != null;
    }

    private void requireOwn(TypeDefinition<?> type, List<?> others) throws BrokenFragmentException {
        for (Object other : others) {
            String name = other instanceof TypeName named ? named.getName() : "a list";
            if (own.containsKey(name)) continue;
            throw at(
                    type,
                    "%s may refer to types of the fragment alone, not to %s"
                            .formatted(type.getName(), name));
        }
    }

    private void requireFetchers() throws BrokenFragmentException {
        for (Map.Entry<String, Boolean> field : fields.entrySet()) {
            if (field.getValue() && !fragment.fetchers().containsKey(field.getKey())) {
                throw new BrokenFragmentException(
                        lineOf(field.getKey()), "field " + field.getKey() + " has no fetcher");
            }
        }
        for (String coordinate : new TreeSet<>(fragment.fetchers().keySet())) {
            if (!fields.containsKey(coordinate)) {
                throw new BrokenFragmentException(
                        "there is a fetcher for " + coordinate + ", which the SDL does not define");
            }
        }
    }

    private void requireRoles() throws BrokenFragmentException {
        for (Map.Entry<String, Role> role : fragment.roles().entrySet()) {
            String coordinate = role.getKey();
            boolean mutation = coordinate.startsWith("Mutation.");
            if (!fields.containsKey(coordinate) || !mutation && !coordinate.startsWith("Query.")) {
                throw new BrokenFragmentException(
                        "there is a role for "
                                + coordinate
                                + ", which is no root field of the SDL");
            }
            if (mutation && role.getValue() == Role.VIEWER) {
                throw new BrokenFragmentException(
                        lineOf(coordinate), coordinate + " cannot be opened to viewers");
            }
        }
    }

    private int lineOf(String coordinate) {
        for (Definition<?> definition : fragment.document().getDefinitions()) {
            if (!(definition instanceof ObjectTypeDefinition type)) continue;
            for (FieldDefinition field : type.getFieldDefinitions()) {
                if (coordinate.equals(type.getName() + "." + field.getName())) return line(field);
            }
        }
        return 0;
    }

    private static void requireDescription(Node<?> node, String what)
            throws BrokenFragmentException {
        var text = ((AbstractDescribedNode<?>) node).getDescription();
        if (text == null || text.getContent().isBlank()) {
            throw at(node, what + " has no description");
        }
    }

    private static void requireDirectives(DirectivesContainer<?> node, String what)
            throws BrokenFragmentException {
        for (Directive directive : node.getDirectives()) {
            if (!directive.getName().equals("deprecated")) {
                throw at(
                        node,
                        "directive @%s on %s is not accepted; only @deprecated is"
                                .formatted(directive.getName(), what));
            }
        }
    }

    private static BrokenFragmentException at(Node<?> node, String reason) {
        return new BrokenFragmentException(line(node), reason);
    }

    private static int line(Node<?> node) {
        return node.getSourceLocation() == null ? 0 : node.getSourceLocation().getLine();
    }
}
