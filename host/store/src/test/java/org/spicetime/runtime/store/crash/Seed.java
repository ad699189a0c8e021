// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

/** The seed of this run. Thread-safe. */
final class Seed {

    private Seed() {}

    /** The seed that was asked for, or one of its own; it is printed by whoever uses it. */
    static long ofTest() {
        String asked = System.getProperty("test.seed", "");
        return asked.isBlank() ? System.nanoTime() & 0xFFFFFF : Long.parseLong(asked);
    }
}
