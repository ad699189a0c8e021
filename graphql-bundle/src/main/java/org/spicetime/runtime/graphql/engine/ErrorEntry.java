// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import graphql.language.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.ErrorCode;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

/**
 * One entry of {@code errors}, before the request it belongs to is put in. Immutable.
 *
 * @param facts further members of {@code extensions}
 * @param path of the field; empty: the request as a whole
 */
record ErrorEntry(
        ErrorCode code,
        String message,
        Map<String, Object> facts,
        List<SourceLocation> locations,
        List<Object> path) {

    /** Facts with a place of their own in {@code extensions}; the others go into a context. */
    private static final Set<String> TOP =
            Set.of(
                    "domain",
                    "task",
                    "field",
                    "range",
                    "reason",
                    "available",
                    "requested",
                    "retryAfter",
                    "limit",
                    "incident");

    static ErrorEntry of(ErrorCode code, String message, Map<String, Object> facts) {
        return new ErrorEntry(code, message, facts, List.of(), List.of());
    }

    static ErrorEntry tooComplex(String limit, String message) {
        return of(RequestErrorCode.QUERY_TOO_COMPLEX, message, Map.of("limit", limit));
    }

    static ErrorEntry badInput(String field, String message) {
        return of(RequestErrorCode.BAD_USER_INPUT, message, Map.of("field", field));
    }

    static ErrorEntry of(RefusedException refusal) {
        String message = refusal.getMessage();
        return of(
                refusal.code(),
                message == null ? refusal.code().name() : message,
                refusal.details());
    }

    ErrorEntry at(List<SourceLocation> locations, List<Object> path) {
        return new ErrorEntry(code, message, facts, locations, path);
    }

    /** What stands under {@code extensions}, the id of the request apart. */
    Map<String, @Nullable Object> extensions() {
        Map<String, @Nullable Object> extensions = new LinkedHashMap<>();
        extensions.put("code", code.name());
        extensions.put("classification", classification());
        Map<String, Object> context = new LinkedHashMap<>();
        facts.forEach((name, value) -> {
            if (TOP.contains(name)) extensions.put(name, plain(value));
            if (name.equals("context") && value instanceof Map<?, ?> more) {
                more.forEach((key, fact) -> context.put(String.valueOf(key), plain(fact)));
            } else if (!TOP.contains(name)
                    || code instanceof RuntimeErrorCode && !name.equals("domain")) {
                context.put(name, plain(value));
            }
        });
        if (!context.isEmpty()) extensions.put("context", context);
        return extensions;
    }

    private String classification() {
        if (code == RequestErrorCode.INTERNAL_SERVER_ERROR) return "INTERNAL";
        return code instanceof RuntimeErrorCode ? "RUNTIME" : "REQUEST";
    }

    // Facts come from the host and its plugins: leaves of another kind are told as text.
    private static Object plain(Object value) {
        return switch (value) {
            case String text -> text;
            case Boolean flag -> flag;
            case Integer number -> number;
            case Long number -> number;
            case Double number -> Double.isFinite(number) ? number : number.toString();
            case Map<?, ?> map -> {
                Map<String, Object> members = new LinkedHashMap<>();
                map.forEach((key, member) -> members.put(String.valueOf(key), plain(member)));
                yield members;
            }
            case Iterable<?> items -> {
                List<Object> list = new ArrayList<>();
                for (Object item : items) list.add(plain(item));
                yield list;
            }
            default -> value.toString();
        };
    }

    /** The entry as clients see it. */
    Map<String, @Nullable Object> toMap(String requestId) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("message", message);
        if (!locations.isEmpty()) entry.put("locations", places(locations));
        if (!path.isEmpty()) entry.put("path", path);
        Map<String, @Nullable Object> extensions = extensions();
        extensions.put("requestId", requestId);
        entry.put("extensions", extensions);
        return entry;
    }

    private static List<Map<String, Object>> places(List<SourceLocation> locations) {
        return locations.stream()
                .filter(place -> place.getLine() > 0)
                .map(place ->
                        Map.<String, Object>of(
                                "line", place.getLine(), "column", place.getColumn()))
                .toList();
    }
}
