// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

/** Seeds of random tests; {@code -Dtest.seed} repeats a run. */
final class Seeds {
    private Seeds() {}

    static long next() {
        String text = System.getProperty("test.seed", "");
        return text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
    }
}
