// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.CoercingParseLiteralException;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Identifiers: a string or an integer, as the specification has it; the library's own would take
 * anything, an object too. Thread-safe.
 */
final class IdCoercing extends JsonCoercing<String> {

    @Override
    String read(@Nullable Object json) {
        return switch (json) {
            case String text -> text;
            case Integer number -> number.toString();
            case Long number -> number.toString();
            case BigInteger number -> number.toString();
            case null, default ->
                    throw new IllegalArgumentException(
                            "an id is a string or an integer, was " + shown(json));
        };
    }

    @Override
    public String parseLiteral(
            Value<?> literal, CoercedVariables variables, GraphQLContext context, Locale locale) {
        if (literal instanceof StringValue || literal instanceof IntValue) {
            return super.parseLiteral(literal, variables, context, locale);
        }
        throw new CoercingParseLiteralException("an id is a string or an integer");
    }

    @Override
    Object write(Object value) {
        return value.toString();
    }

    @Override
    Value<?> literal(Object value) {
        return new StringValue(value.toString());
    }
}
