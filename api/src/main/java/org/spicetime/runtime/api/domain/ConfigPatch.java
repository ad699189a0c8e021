// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes to a configuration: nested maps in the shape of {@code RuntimeConfigInput} of the GraphQL
 * schema, with the same names, units and enum names (numbers, booleans, strings, lists, maps). What
 * is left out keeps its value, an explicit null restores the default. Immutable at its top level;
 * the host checks every member before anything changes.
 *
 * @param values e.g. {@code {"scheduler": {"policy": "EDF", "quantum": 10}}}
 */
public record ConfigPatch(Map<String, @Nullable Object> values) {
    /** Changes nothing. */
    public static final ConfigPatch NONE = new ConfigPatch(Map.of());

    public ConfigPatch {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
