// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.graphql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much JSON as the load needs. */
final class Json {
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    /** How an answer begins that has data; servers write errors before them or after. */
    static final String DATA = "{\"data\":{";

    private static final byte[] BEGIN = DATA.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "}}".getBytes(StandardCharsets.US_ASCII);

    private Json() {}

    /** Whether an answer is data and nothing beside them. */
    static boolean isData(byte[] answer) {
        int end = answer.length - END.length;
        return end >= BEGIN.length
                && Arrays.equals(answer, 0, BEGIN.length, BEGIN, 0, BEGIN.length)
                && Arrays.equals(answer, end, answer.length, END, 0, END.length);
    }

    /** The body of a request; variables are strings and whole numbers. */
    static String request(String query, Map<String, Object> variables) {
        StringBuilder body = new StringBuilder("{\"query\":").append(quoted(query));
        body.append(",\"variables\":{");
        String comma = "";
        for (Map.Entry<String, Object> variable : new TreeMap<>(variables).entrySet()) {
            body.append(comma).append(quoted(variable.getKey())).append(':');
            if (variable.getValue() instanceof Integer number) body.append(number);
            else body.append(quoted(variable.getValue().toString()));
            comma = ",";
        }
        return body.append("}}").toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** All ids of an answer. */
    static List<String> ids(String answer) {
        List<String> ids = new ArrayList<>();
        for (Matcher id = ID.matcher(answer); id.find(); ) ids.add(id.group(1));
        return ids;
    }
}
