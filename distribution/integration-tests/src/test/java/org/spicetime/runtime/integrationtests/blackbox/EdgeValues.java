// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Values at and beyond the edges of what an input field takes, by its scalar type. */
final class EdgeValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int LONG_TEXT = 70_000;

    private EdgeValues() {}

    /**
     * A value to send. Immutable.
     *
     * @param json as it is sent
     * @param wrong whether it is no value of the type at all, and so must be refused everywhere
     */
    record Edge(JsonNode json, boolean wrong) {
        @Override
        public String toString() {
            String text = json.toString();
            return text.length() <= 60 ? text : text.substring(0, 60) + "...";
        }
    }

    static List<Edge> of(String scalar) {
        return switch (scalar) {
            case "Int" ->
                    edges(
                            List.of("-2147483648", "-1", "0", "2147483647"),
                            List.of("2147483648", "-2147483649", "1.5", "\"abc\"", "true", "{}"));
            case "Float" ->
                    edges(
                            List.of("-1", "0", "1e308", "-1e308", "4.9e-324"),
                            List.of(
                                    "1e999999",
                                    "-1e400",
                                    "\"abc\"",
                                    "true",
                                    "{}",
                                    "[]",
                                    "\"NaN\"",
                                    "\"-Infinity\""));
            case "BigInt" ->
                    edges(
                            List.of(
                                    "-1",
                                    "0",
                                    "9223372036854775807",
                                    "9223372036854775808",
                                    "\"99999999999999999999999999\"",
                                    "9e99"),
                            List.of("1.5", "\"abc\"", "\"\"", "true", "{}", "1e999999999"));
            case "String" -> edges(texts(), List.of("5", "true", "{}"));
            case "ID" -> edges(ids(), List.of("1.5", "true", "{}"));
            case "Boolean" ->
                    edges(List.of("true", "false"), List.of("\"true\"", "1", "0", "{}", "\"\""));
            case "DateTime" ->
                    edges(
                            List.of(
                                    "\"1970-01-01T00:00:00Z\"",
                                    "\"9999-12-31T23:59:59Z\"",
                                    "\"2016-12-31T23:59:60Z\"",
                                    "\"2026-01-01T00:00:00.123456789+18:00\""),
                            List.of(
                                    "\"9999999-01-01T00:00:00Z\"",
                                    "\"2026-02-30T00:00:00Z\"",
                                    "\"2026-01-01\"",
                                    "\"2026-01-01T00:00:00\"",
                                    "\"abc\"",
                                    "5",
                                    "true",
                                    "{}"));
            case "JSON" ->
                    edges(
                            List.of(
                                    "[]",
                                    "5",
                                    "\"text\"",
                                    "true",
                                    "{\"nosuch\":1}",
                                    "{\"\":null}",
                                    "{\"text\":\"" + "x".repeat(LONG_TEXT) + "\"}",
                                    "[" + "0,".repeat(20_000) + "0]",
                                    "[".repeat(50) + "]".repeat(50)),
                            List.of("[".repeat(3000) + "]".repeat(3000)));
            case "Labels" ->
                    edges(
                            List.of("{}", "{\"a\":\"\"}"),
                            List.of(
                                    "5",
                                    "[]",
                                    "\"text\"",
                                    "{\"a\":5}",
                                    "{\"a\":null}",
                                    manyLabels(33),
                                    "{\"\":\"a\"}",
                                    "{\"" + "n".repeat(64) + "\":\"a\"}",
                                    "{\"a\":\"" + "v".repeat(256) + "\"}"));
            // An enum: no value of any is called like this.
            default -> edges(List.of(), List.of("\"NO_SUCH\"", "1", "true", "{}", "\"\""));
        };
    }

    private static String manyLabels(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"l" + i + "\":\"v\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static List<String> ids() {
        return Stream.concat(
                        texts().stream(),
                        Stream.of(
                                "\"00000000-0000-7000-8000-000000000000\"",
                                "\"ZZZZZZZZ-0000-7000-8000-000000000000\"",
                                "\"schedule:nosuch\"",
                                "\"bundle:\"",
                                "7"))
                .toList();
    }

    private static List<String> texts() {
        return Stream.of(
                        "",
                        " ",
                        "a\u0000b",
                        "\u202eabc",
                        "\ud83d\ude00",
                        "../../etc/passwd",
                        "'; DROP TABLE task; --",
                        "<script>alert(1)</script>",
                        "\u001b[31mred",
                        "x".repeat(257),
                        "x".repeat(LONG_TEXT))
                .map(text -> JSON.textNode(text).toString())
                .toList();
    }

    private static List<Edge> edges(List<String> possible, List<String> wrong) {
        List<Edge> edges = new ArrayList<>();
        possible.forEach(text -> edges.add(new Edge(raw(text), false)));
        wrong.forEach(text -> edges.add(new Edge(raw(text), true)));
        return edges;
    }

    /** As it is written, so that no library on our side refuses or rounds it. */
    private static JsonNode raw(String text) {
        return JSON.rawValueNode(new RawValue(text));
    }
}
