// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api;

import java.time.Duration;

/** What kind of value an option takes. Immutable. */
public enum OptionType {
    /** Yes or no; a {@link Boolean}. */
    FLAG(Boolean.class),
    /** A whole number of 64 bits; a {@link Long}. */
    NUMBER(Long.class),
    /** A finite number, mostly a share between 0 and 1; a {@link Double}. */
    RATIO(Double.class),
    /** A span of time that is not negative; a {@link Duration}. */
    DURATION(Duration.class),
    /** A text, possibly one of a few choices; a {@link String}. */
    TEXT(String.class);

    private final Class<? extends Comparable<?>> valueClass;

    OptionType(Class<? extends Comparable<?>> valueClass) {
        this.valueClass = valueClass;
    }

    /**
     * The Java class of its values.
     *
     * @return the class
     */
    public Class<? extends Comparable<?>> valueClass() {
        return valueClass;
    }
}
