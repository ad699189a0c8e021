// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.core.payload.JsonSchema;

/** JSON Schema of the options a plugin declares. Thread-safe. */
final class OptionSchema {

    private OptionSchema() {}

    /** The schema, as JSON text. */
    static String text(List<OptionSpec> specs) {
        Map<String, Object> properties = new LinkedHashMap<>();
        specs.forEach(spec -> properties.put(spec.name(), property(spec)));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        return JsonSchema.text(schema);
    }

    private static Map<String, Object> property(OptionSpec spec) {
        Map<String, Object> schema = new LinkedHashMap<>();
        String unit = spec.unit();
        switch (spec.type()) {
            case FLAG -> schema.put("type", "boolean");
            case NUMBER -> schema.put("type", "integer");
            case RATIO -> schema.put("type", "number");
            case DURATION -> {
                schema.put("type", "number");
                unit = "milliseconds";
            }
            case TEXT -> schema.put("type", "string");
        }
        spec.min().ifPresent(bound -> schema.put("minimum", json(bound)));
        spec.max().ifPresent(bound -> schema.put("maximum", json(bound)));
        if (!spec.choices().isEmpty()) {
            schema.put("enum", spec.choices());
        }
        schema.put("default", json(spec.defaultValue()));
        schema.put(
                "description",
                unit.isEmpty() ? spec.description() : spec.description() + " In " + unit + ".");
        return schema;
    }

    private static Object json(Object value) {
        return value instanceof Duration span ? OptionValues.millis(span) : value;
    }
}
