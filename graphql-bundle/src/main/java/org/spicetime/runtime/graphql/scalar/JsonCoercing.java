// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.CoercingSerializeException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scalar that reads variables and literals by the same rule; messages of {@link
 * IllegalArgumentException} go to the client. Thread-safe.
 *
 * @param <I> what fetchers receive
 */
abstract class JsonCoercing<I> implements Coercing<I, Object> {
    /** Reads a JSON value. */
    abstract I read(@Nullable Object json);

    /** Writes a value of a fetcher. */
    abstract Object write(Object value);

    /** A value that the other direction reads back, for defaults in the schema. */
    abstract Value<?> literal(Object value);

    @Override
    public Object serialize(Object value, GraphQLContext context, Locale locale) {
        try {
            return write(value);
        } catch (IllegalArgumentException e) {
            throw new CoercingSerializeException(e.getMessage(), e);
        }
    }

    @Override
    public I parseValue(Object json, GraphQLContext context, Locale locale) {
        try {
            return read(json);
        } catch (IllegalArgumentException e) {
            throw new CoercingParseValueException(e.getMessage(), e);
        }
    }

    @Override
    public I parseLiteral(
            Value<?> literal, CoercedVariables variables, GraphQLContext context, Locale locale) {
        try {
            return read(Literals.read(literal, variables));
        } catch (IllegalArgumentException e) {
            throw new CoercingParseLiteralException(e.getMessage(), e);
        }
    }

    @Override
    public Value<?> valueToLiteral(Object value, GraphQLContext context, Locale locale) {
        return literal(value);
    }

    /** The beginning of a foreign value, for messages. */
    static String shown(@Nullable Object value) {
        String text =
                switch (value) {
                    case null -> "null";
                    case String string -> string;
                    case Number number -> number.toString();
                    case Boolean flag -> flag.toString();
                    case Map<?, ?> map -> "an object";
                    case List<?> list -> "a list";
                    default -> "a value of another kind";
                };
        StringBuilder cut = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 64); i++) {
            char c = text.charAt(i);
            cut.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.length() > 64 ? cut + "... (" + text.length() + " characters)" : cut.toString();
    }
}
