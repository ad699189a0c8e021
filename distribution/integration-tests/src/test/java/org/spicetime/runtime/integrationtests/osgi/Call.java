// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.ops4j.pax.exam.TestAddress;

/**
 * The call of one method of a test class, on its way to the probe. Immutable.
 *
 * @param values what {@link ProbeActivator#call} takes
 */
record Call(List<Object> values) implements TestAddress {

    /** By this name the container finds the probe. */
    static final String PROBE = "jupiter";

    /** The twin of a static method. */
    static final String NO_TWIN = "";

    /** Stands for the end of a test, upon which its twin is forgotten. */
    static final String FORGET = "";

    static Call of(String twin, Class<?> type, Method method, List<Object> arguments) {
        String[] parameters =
                Arrays.stream(method.getParameterTypes())
                        .map(Class::getName)
                        .toArray(String[]::new);
        return new Call(
                List.of(twin, type.getName(), method.getName(), parameters, arguments.toArray()));
    }

    static Call forget(String twin) {
        return new Call(List.of(twin, "", FORGET, new String[0], new Object[0]));
    }

    @Override
    public Object[] arguments() {
        return values.toArray();
    }

    @Override
    public String identifier() {
        return PROBE;
    }

    @Override
    public String caption() {
        return PROBE;
    }

    @Override
    public TestAddress root() {
        return this;
    }
}
