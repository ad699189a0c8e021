// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import java.time.Duration;
import org.spicetime.runtime.api.Options;

/** The settings of a strategy that declares none. Immutable. */
enum NoOptions implements Options {
    INSTANCE;

    @Override
    public boolean flag(String name) {
        throw undeclared(name);
    }

    @Override
    public long number(String name) {
        throw undeclared(name);
    }

    @Override
    public double ratio(String name) {
        throw undeclared(name);
    }

    @Override
    public Duration duration(String name) {
        throw undeclared(name);
    }

    @Override
    public String text(String name) {
        throw undeclared(name);
    }

    private static IllegalArgumentException undeclared(String name) {
        return new IllegalArgumentException("option " + name + " is not declared; there are none");
    }
}
