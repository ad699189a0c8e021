// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.memory;

import java.time.Duration;
import java.util.List;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;

/** Every option at its default. Immutable. */
record DeclaredDefaults(List<OptionSpec> declared) implements Options {
    @Override
    public boolean flag(String name) {
        return (boolean) value(name);
    }

    @Override
    public long number(String name) {
        return (long) value(name);
    }

    @Override
    public double ratio(String name) {
        return (double) value(name);
    }

    @Override
    public Duration duration(String name) {
        return (Duration) value(name);
    }

    @Override
    public String text(String name) {
        return (String) value(name);
    }

    private Object value(String name) {
        for (OptionSpec spec : declared) if (spec.name().equals(name)) return spec.defaultValue();
        throw new IllegalArgumentException("option " + name + " is not declared");
    }
}
