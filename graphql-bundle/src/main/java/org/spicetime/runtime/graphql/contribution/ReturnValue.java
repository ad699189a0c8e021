// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.contribution;

import graphql.GraphQLContext;
import graphql.schema.CoercingSerializeException;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.DataFetchingFieldSelectionSet;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLNonNull;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.SelectedField;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.graphql.schema.RequestScope;

/**
 * Reads what a fetcher of a bundle answered by the type the schema promises, as far as it was asked
 * for, so that nothing of the bundle runs while the response is made. Used by one thread, one of
 * the bundle's.
 */
final class ReturnValue {
    private static final int LONGEST_TEXT = 256 * 1024;

    private final GraphQLSchema schema;
    private final RequestScope scope;
    private final Set<String> fetched;

    private ReturnValue(GraphQLSchema schema, RequestScope scope, Set<String> fetched) {
        this.schema = schema;
        this.scope = scope;
        this.fetched = fetched;
    }

    /**
     * The value of a field.
     *
     * @param fetched coordinates that have fetchers of their own
     */
    static @Nullable Object of(
            DataFetchingEnvironment environment, Set<String> fetched, @Nullable Object value) {
        return new ReturnValue(
                        environment.getGraphQLSchema(), RequestScope.of(environment), fetched)
                .read(
                        environment.getFieldType(),
                        value,
                        List.of(environment.getSelectionSet()),
                        environment.getField().getName());
    }

    private @Nullable Object read(
            GraphQLType type,
            @Nullable Object value,
            List<DataFetchingFieldSelectionSet> asked,
            String where) {
        if (value instanceof Optional<?> optional) {
            return read(type, optional.orElse(null), asked, where);
        }
        if (type instanceof GraphQLNonNull promised) {
            if (value == null) throw wrong(where, "null, which the schema does not allow");
            return read(promised.getWrappedType(), value, asked, where);
        }
        if (value == null) return null;
        return switch (type) {
            case GraphQLList list -> elements(list, value, asked, where);
            case GraphQLScalarType scalar -> leaf(scalar, value, where);
            case GraphQLEnumType choices -> choice(choices, value, where);
            case GraphQLNamedType named -> object(named, value, asked, where);
            default -> throw wrong(where, "a value of an unknown type");
        };
    }

    private List<@Nullable Object> elements(
            GraphQLList list,
            Object value,
            List<DataFetchingFieldSelectionSet> asked,
            String where) {
        if (!(value instanceof Collection<?> elements)) throw wrong(where, "no Collection", value);
        List<@Nullable Object> read = new ArrayList<>();
        for (Object element : elements) {
            count();
            read.add(read(list.getWrappedType(), element, asked, where + "[" + read.size() + "]"));
        }
        return read;
    }

    private void count() {
        scope.count(this);
        scope.check();
    }

    private Object leaf(GraphQLScalarType type, Object value, String where) {
        Object plain = type.getName().equals("JSON") ? json(value, where) : plain(value, where);
        try {
            type.getCoercing().serialize(plain, GraphQLContext.getDefault(), Locale.ENGLISH);
        } catch (CoercingSerializeException e) {
            throw wrong(where, "no " + type.getName(), value);
        }
        return plain;
    }

    private Object json(Object value, String where) {
        count();
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                map.forEach((name, member) ->
                        members.put(
                                text(String.valueOf(name), where),
                                member == null ? null : json(member, where)));
                yield members;
            }
            case Collection<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (Object item : list) items.add(item == null ? null : json(item, where));
                yield items;
            }
            default -> plain(value, where);
        };
    }

    // Only values of the JDK leave the thread of the bundle.
    private static Object plain(Object value, String where) {
        return switch (value) {
            case CharSequence text -> text(text.toString(), where);
            case Boolean flag -> flag;
            case Integer number -> number;
            case Long number -> number;
            case Short number -> number.intValue();
            case Byte number -> number.intValue();
            case Double number -> number;
            case Float number -> number.doubleValue();
            case BigInteger number -> new BigInteger(number.toByteArray());
            case BigDecimal number -> new BigDecimal(number.unscaledValue(), number.scale());
            case Instant instant -> instant;
            case UUID id -> id.toString();
            case Enum<?> constant -> constant.name();
            case Map<?, ?> labels -> {
                Map<String, String> texts = new LinkedHashMap<>();
                labels.forEach((name, text) ->
                        texts.put(String.valueOf(name), text(String.valueOf(text), where)));
                yield texts;
            }
            default -> throw wrong(where, "no value of a scalar", value);
        };
    }

    private static String text(String text, String where) {
        if (text.length() <= LONGEST_TEXT) return text;
        throw wrong(
                where,
                "a text of %d characters, at most %d are answered"
                        .formatted(text.length(), LONGEST_TEXT));
    }

    private static String choice(GraphQLEnumType choices, Object value, String where) {
        String name = value instanceof Enum<?> constant ? constant.name() : value.toString();
        if (choices.getValue(name) == null) {
            throw wrong(where, "\"" + name + "\", which is no " + choices.getName());
        }
        return name;
    }

    private Answered object(
            GraphQLNamedType declared,
            Object value,
            List<DataFetchingFieldSelectionSet> asked,
            String where) {
        count();
        GraphQLObjectType type = typeOf(declared, value, where);
        Map<String, List<DataFetchingFieldSelectionSet>> below = new LinkedHashMap<>();
        for (DataFetchingFieldSelectionSet set : asked) {
            for (SelectedField field : set.getImmediateFields()) {
                below.computeIfAbsent(field.getName(), _ -> new ArrayList<>())
                        .add(field.getSelectionSet());
            }
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        below.forEach((name, sets) -> {
            var field = type.getFieldDefinition(name);
            if (field == null || fetched.contains(type.getName() + "." + name)) return;
            members.put(name, read(field.getType(), member(value, name), sets, where + "." + name));
        });
        return new Answered(type.getName(), members, value);
    }

    private GraphQLObjectType typeOf(GraphQLNamedType declared, Object value, String where) {
        if (declared instanceof GraphQLObjectType object) return object;
        Object told =
                value instanceof Map<?, ?> map
                        ? map.get("__typename")
                        : value.getClass().getSimpleName();
        GraphQLObjectType type = told instanceof String name ? schema.getObjectType(name) : null;
        if (type == null || !schema.isPossibleType(declared, type)) {
            throw wrong(where, "no " + declared.getName() + ": its type is told as " + told);
        }
        return type;
    }

    private static @Nullable Object member(Object value, String name) {
        if (value instanceof Map<?, ?> map) return map.get(name);
        if (!(value instanceof Record)) throw wrong(name, "no part of a record or map", value);
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            if (!component.getName().equals(name)) continue;
            Method accessor = component.getAccessor();
            try {
                // The record need not be public, nor its package exported.
                accessor.setAccessible(true);
                return accessor.invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new ContributionFailure("the record cannot be read: " + name, e);
            }
        }
        throw wrong(name, "missing", value);
    }

    private static ContributionFailure wrong(String where, String what, Object value) {
        return wrong(where, what + ": " + value.getClass().getName());
    }

    private static ContributionFailure wrong(String where, String what) {
        return new ContributionFailure(where + " is " + what, null);
    }
}
