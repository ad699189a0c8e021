// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;

/** Every declared option at its default, or at the value given for it. Immutable. */
public final class DefaultOptions implements Options {
    private final Map<String, Object> values = new HashMap<>();

    /** The defaults of these options. */
    public DefaultOptions(List<OptionSpec> specs) {
        this(specs, Map.of());
    }

    /**
     * The defaults of these options, but for some.
     *
     * @param chosen values by name, of the types that the getters answer
     * @throws IllegalArgumentException if an option is chosen that is not declared
     */
    public DefaultOptions(List<OptionSpec> specs, Map<String, Object> chosen) {
        for (OptionSpec spec : specs) {
            values.put(spec.name(), spec.defaultValue());
        }
        chosen.forEach((name, value) -> {
            if (values.replace(name, value) == null) {
                throw new IllegalArgumentException("no option " + name + " is declared");
            }
        });
    }

    @Override
    public boolean flag(String name) {
        return value(name, Boolean.class);
    }

    @Override
    public long number(String name) {
        return value(name, Long.class);
    }

    @Override
    public double ratio(String name) {
        return value(name, Double.class);
    }

    @Override
    public Duration duration(String name) {
        return value(name, Duration.class);
    }

    @Override
    public String text(String name) {
        return value(name, String.class);
    }

    private <T> T value(String name, Class<T> type) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "no option " + name + " of type " + type.getSimpleName() + " is declared");
        }
        return type.cast(value);
    }
}
