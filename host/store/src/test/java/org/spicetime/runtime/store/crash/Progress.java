// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.time.Duration;
import java.util.function.Supplier;

/** Tells now and then how far a long test is. Called by one thread at a time. */
final class Progress {

    private static final Duration EVERY = Duration.ofSeconds(30);

    private long told = System.nanoTime();

    void at(Supplier<String> where) {
        long now = System.nanoTime();
        if (now - told >= EVERY.toNanos()) {
            told = now;
            System.out.println("  ... " + where.get());
        }
    }
}
