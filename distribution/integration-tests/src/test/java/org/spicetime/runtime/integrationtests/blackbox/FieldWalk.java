// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** For every object type that a query reaches, one query that selects all of its fields. */
final class FieldWalk {
    private final ServedSchema served;

    private FieldWalk(ServedSchema served) {
        this.served = served;
    }

    /**
     * The queries by the type they select the fields of.
     *
     * @param roots fields of Query with their arguments, by name; those without need none
     */
    static Map<String, String> queries(ServedSchema served, Map<String, String> roots) {
        return new FieldWalk(served).walk(roots);
    }

    private Map<String, String> walk(Map<String, String> roots) {
        Map<String, String> queries = new LinkedHashMap<>();
        Deque<Way> waiting = new ArrayDeque<>();
        for (JsonNode root : served.members("Query")) {
            String name = root.path("name").asText();
            String type = ServedSchema.bare(root.path("type"));
            waiting.add(new Way(type, "{ " + roots.getOrDefault(name, name) + " ", " }"));
        }
        while (!waiting.isEmpty()) {
            Way way = waiting.remove();
            String kind = served.kind(way.type());
            boolean object = kind.equals("OBJECT") || kind.equals("INTERFACE");
            if (object && !queries.containsKey(way.type())) {
                queries.put(way.type(), way.before() + fields(way, waiting) + way.after());
            }
        }
        return queries;
    }

    /** The fields of a type, and the ways that go on from them if it was not met before. */
    private String fields(Way way, Deque<Way> waiting) {
        StringBuilder fields = new StringBuilder("{ __typename");
        for (JsonNode field : served.members(way.type())) {
            if (ServedSchema.needsArguments(field)) {
                continue;
            }
            String name = field.path("name").asText();
            String type = ServedSchema.bare(field.path("type"));
            String kind = served.kind(type);
            boolean object = kind.equals("OBJECT") || kind.equals("INTERFACE");
            fields.append(' ').append(name).append(object ? " { __typename }" : "");
            if (object && way.steps() < 4) {
                waiting.add(new Way(type, way.before() + "{ " + name + " ", " }" + way.after()));
            }
        }
        return fields.append(" }").toString();
    }

    /** A way to a type: what stands before and after its selection. */
    private record Way(String type, String before, String after) {
        int steps() {
            return after.length() / 2;
        }
    }
}
