// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the names of Java types out of the messages of graphql-java. Thread-safe. */
final class Messages {
    private static final int LONGEST = 1000;
    private static final Pattern JAVA_TYPE = Pattern.compile("it was an? '([A-Za-z]+)'");
    private static final Pattern VARIABLE = Pattern.compile("[Vv]ariable '([_0-9A-Za-z]+)'");

    /* The name is the client's, and so may be anything. */
    private static final Pattern UNKNOWN_FIELD =
            Pattern.compile("contains a field name '(.{1,64}?)' that is not defined");

    /* An enum value in quotes, the commonest slip of all. */
    private static final Pattern QUOTED_ENUM =
            Pattern.compile(
                    "argument '([^']+)' with value 'StringValue\\{value='([^']*)'}' is not a valid"
                            + " '([^']+)' - Expected an AST type of 'EnumValue'.*");

    private Messages() {}

    static String cleaned(String message) {
        String told =
                QUOTED_ENUM
                        .matcher(message)
                        .replaceAll(
                                "argument '$1' is a value of the enum $3: write $2 without quotes");
        String plain =
                JAVA_TYPE.matcher(told).replaceAll(found -> "it was " + jsonType(found.group(1)));
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "...";
    }

    private static String jsonType(String javaType) {
        return switch (javaType) {
            case "String" -> "a string";
            case "Boolean" -> "a boolean";
            case "Integer", "Long", "BigInteger", "Double", "BigDecimal" -> "a number";
            case "ArrayList", "List" -> "a list";
            case "LinkedHashMap", "HashMap", "Map" -> "an object";
            default -> "something else";
        };
    }

    /** The variable, or the field of an input, a message complains of; empty: none is named. */
    static String variable(String message) {
        Matcher named = VARIABLE.matcher(message);
        if (named.find()) return named.group(1);
        Matcher unknown = UNKNOWN_FIELD.matcher(message);
        return unknown.find() ? unknown.group(1) : "";
    }
}
