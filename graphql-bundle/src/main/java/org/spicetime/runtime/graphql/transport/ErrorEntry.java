// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.transport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code errors} made by a transport, before or instead of the engine's. Immutable.
 *
 * @param message for people
 * @param code a value of the served RequestErrorCode
 * @param requestId the request it answers
 * @param details further members of {@code extensions}
 */
public record ErrorEntry(
        String message, String code, String requestId, Map<String, Object> details) {
    public ErrorEntry {
        details = Map.copyOf(details);
    }

    public ErrorEntry(String message, String code, String requestId) {
        this(message, code, requestId, Map.of());
    }

    /** The shape in a response. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> extensions = new LinkedHashMap<>();
        extensions.put("code", code);
        boolean defect = code.equals("INTERNAL_SERVER_ERROR");
        extensions.put("classification", defect ? "INTERNAL" : "REQUEST");
        extensions.put("requestId", requestId);
        extensions.putAll(details);
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("message", message);
        entry.put("extensions", extensions);
        return entry;
    }

    /** A response of this error alone, without {@code data}: nothing was executed. */
    public Map<String, @Nullable Object> asRefusal() {
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put("errors", List.of(toMap()));
        return response;
    }

    /** A response of this error with {@code data: null}: execution had begun. */
    public Map<String, @Nullable Object> asFailure() {
        Map<String, @Nullable Object> response = asRefusal();
        response.put("data", null);
        return response;
    }
}
