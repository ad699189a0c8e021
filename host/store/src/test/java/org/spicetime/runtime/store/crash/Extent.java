// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

/**
 * How much a test of this package does: little in every build, much with {@code -Dtest.long=true},
 * and what a property asks for in either. Thread-safe.
 */
final class Extent {

    /** Whether this is the long form. */
    static final boolean LONG = Boolean.getBoolean("test.long");

    private Extent() {}

    /** What {@code -Dtest.<name>} says, or else what is usual. */
    static int of(String name, int usual, int usualWhenLong) {
        return Integer.getInteger("test." + name, LONG ? usualWhenLong : usual);
    }
}
