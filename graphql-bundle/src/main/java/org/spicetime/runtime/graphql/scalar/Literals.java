// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.scalar;

import graphql.execution.CoercedVariables;
import graphql.language.ArrayValue;
import graphql.language.BooleanValue;
import graphql.language.EnumValue;
import graphql.language.FloatValue;
import graphql.language.IntValue;
import graphql.language.NullValue;
import graphql.language.ObjectField;
import graphql.language.ObjectValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.language.VariableReference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads literals of a document as JSON values. Thread-safe. */
final class Literals {
    private Literals() {}

    /** The value of a literal: Map, List, String, Boolean, a number, or null. */
    static @Nullable Object read(Value<?> literal, CoercedVariables variables) {
        return switch (literal) {
            case StringValue text -> text.getValue();
            case IntValue number -> smallest(number.getValue());
            case FloatValue number -> number.getValue();
            case BooleanValue flag -> flag.isValue();
            case EnumValue name -> name.getName();
            case NullValue none -> null;
            case VariableReference variable -> variables.get(variable.getName());
            case ArrayValue list -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (Value<?> item : list.getValues()) items.add(read(item, variables));
                yield items;
            }
            case ObjectValue object -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                for (ObjectField field : object.getObjectFields()) {
                    members.put(field.getName(), read(field.getValue(), variables));
                }
                yield members;
            }
            default -> throw new IllegalArgumentException("it is not a value");
        };
    }

    /** An integer as Integer, Long or BigInteger, whichever is the first that holds it. */
    static Number smallest(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) return value.intValue();
        if (value.bitLength() < Long.SIZE) return value.longValue();
        return value;
    }

    /** Whether a Float or Double is a number that JSON can hold. */
    static boolean finite(Number number) {
        return switch (number) {
            case Double value -> Double.isFinite(value);
            case Float value -> Float.isFinite(value);
            case BigDecimal value -> true;
            default -> true;
        };
    }
}
