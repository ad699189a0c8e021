// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.LightDataFetcher;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fetchers of one object type over one Java class. Built by one thread, then immutable.
 *
 * @param <T> what the type's objects are
 */
final class Fields<T> {
    private final String type;
    private final Class<T> source;
    private final Map<String, DataFetcher<?>> fetchers = new LinkedHashMap<>();

    private Fields(String type, Class<T> source) {
        this.type = type;
        this.source = source;
    }

    static <T> Fields<T> of(String type, Class<T> source) {
        return new Fields<>(type, source);
    }

    String type() {
        return type;
    }

    /** What the type's objects are. */
    Class<T> source() {
        return source;
    }

    Map<String, DataFetcher<?>> fetchers() {
        return Collections.unmodifiableMap(fetchers);
    }

    /** A field without objects below it: a scalar, an enum, or a list of them. */
    Fields<T> leaf(String name, Getter<T> getter) {
        return add(name, new Leaf<>(source, getter));
    }

    /** A field of one object that the source holds anyway. */
    Fields<T> part(String name, Getter<T> getter) {
        return add(name, new Leaf<>(source, getter));
    }

    /** A field whose objects count against the limits of the request. */
    Fields<T> objects(String name, Resolver<T> resolver) {
        return add(
                name,
                (DataFetcher<@Nullable Object>)
                        environment -> {
                            Call call = Call.of(environment);
                            call.scope().check();
                            Object parent = Objects.requireNonNull(environment.getSource());
                            try {
                                Object value = resolver.get(source.cast(parent), call);
                                call.scope().count(value);
                                return value;
                            } catch (Error e) {
                                throw new FetchError(e);
                            }
                        });
    }

    private Fields<T> add(String name, DataFetcher<?> fetcher) {
        if (fetchers.put(name, fetcher) != null) {
            throw new IllegalStateException(type + "." + name + " is answered twice");
        }
        return this;
    }

    /** Reads a value from a source. */
    interface Getter<T> {
        @Nullable Object get(T source);
    }

    /** Reads a value from a source, with arguments or look-ups. */
    interface Resolver<T> {
        @Nullable Object get(T source, Call call);
    }

    private record Leaf<T>(Class<T> type, Getter<T> getter)
            implements LightDataFetcher<@Nullable Object> {
        @Override
        public @Nullable Object get(
                GraphQLFieldDefinition field,
                Object parent,
                Supplier<DataFetchingEnvironment> environment) {
            return value(parent);
        }

        @Override
        public @Nullable Object get(DataFetchingEnvironment environment) {
            return value(Objects.requireNonNull(environment.getSource()));
        }

        private @Nullable Object value(Object parent) {
            try {
                return getter.get(type.cast(parent));
            } catch (Error e) {
                throw new FetchError(e);
            }
        }
    }
}
