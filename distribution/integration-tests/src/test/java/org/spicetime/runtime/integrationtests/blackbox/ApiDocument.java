// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the API document says, read from its own text. Immutable.
 *
 * @param types fields by the name of their object or input type
 * @param enums values by the name of their enum
 */
record ApiDocument(Map<String, List<Field>> types, Map<String, List<String>> enums) {

    private static final Pattern DEFINITION =
            Pattern.compile("(type|input|enum)\\s+(\\w+)\\s*\\{([^}]*)}");
    private static final Pattern FIELD =
            Pattern.compile("(\\w+)\\s*(?:\\(([^)]*)\\))?\\s*:\\s*([\\w\\[\\]!]+)");
    private static final Pattern ARGUMENT = Pattern.compile("(\\w+)\\s*:\\s*([\\w\\[\\]!]+)");

    /** A field as the document writes it. Immutable. */
    record Field(String name, Map<String, String> arguments, String type) {
        String bareType() {
            return type.replaceAll("[\\[\\]!]", "");
        }
    }

    static ApiDocument read() {
        String text = resource("/api-document.graphqls").replaceAll("#.*", "");
        Map<String, List<Field>> types = new LinkedHashMap<>();
        Map<String, List<String>> enums = new LinkedHashMap<>();
        Matcher definition = DEFINITION.matcher(text);
        while (definition.find()) {
            String name = definition.group(2);
            if (definition.group(1).equals("enum")) {
                enums.put(name, List.of(definition.group(3).strip().split("\\s+", -1)));
            } else {
                types.put(name, fieldsOf(definition.group(3)));
            }
        }
        return new ApiDocument(types, enums);
    }

    /** A file of the tests, character for character. */
    static String resource(String name) {
        try (InputStream in = ApiDocument.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Field> fieldsOf(String body) {
        List<Field> fields = new ArrayList<>();
        Matcher field = FIELD.matcher(body);
        while (field.find()) {
            Map<String, String> arguments = new LinkedHashMap<>();
            if (field.group(2) != null) {
                Matcher argument = ARGUMENT.matcher(field.group(2));
                while (argument.find()) {
                    arguments.put(argument.group(1), argument.group(2));
                }
            }
            fields.add(new Field(field.group(1), arguments, field.group(3)));
        }
        return fields;
    }
}
