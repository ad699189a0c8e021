// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.payload;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON Schema of draft 2020-12 as text. Thread-safe. */
public final class JsonSchema {

    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    private JsonSchema() {}

    /**
     * A schema as a document of its own.
     *
     * @param schema its keywords
     * @return JSON text
     */
    public static String text(Map<String, Object> schema) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", DRAFT);
        document.putAll(schema);
        return Json.text(document);
    }
}
