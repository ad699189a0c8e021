// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts failed sign-ins of each address: after a number of them in a row, one more each so many
 * milliseconds is answered as usual and the others are told to wait. Who has a valid token is never
 * kept out. Thread-safe.
 */
final class SignInThrottle {
    static final int BURST = 20;
    static final int MILLIS_EACH = 500;
    static final int LARGEST_BURST = 1000;
    static final int LONGEST_MILLIS = 60_000;
    private static final int ADDRESSES = 1024;

    private record Failures(double left, long at) {}

    private final LongSupplier nanoTime;
    private int burst = BURST;
    private int millisEach = MILLIS_EACH;
    private final Map<String, Failures> byAddress =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                    return size() > ADDRESSES;
                }
            };

    SignInThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Takes the nearest values in range. */
    synchronized void configure(int newBurst, int newMillisEach) {
        burst = Math.clamp(newBurst, 1, LARGEST_BURST);
        millisEach = Math.clamp(newMillisEach, 1, LONGEST_MILLIS);
    }

    /** Notes a failed sign-in; false: this address has had too many. */
    synchronized boolean failed(String address) {
        long now = nanoTime.getAsLong();
        Failures before = byAddress.getOrDefault(address, new Failures(burst, now));
        double regained = (double) (now - before.at) / Duration.ofMillis(millisEach).toNanos();
        double left = Math.min(burst, before.left + regained);
        boolean allowed = left >= 1;
        byAddress.put(address, new Failures(allowed ? left - 1 : left, now));
        return allowed;
    }
}
