// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.transport;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of requests, unique over restarts: a random part for each instance, then a count.
 * Thread-safe.
 */
public final class RequestIds {
    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    public RequestIds() {
        byte[] random = new byte[6];
        new SecureRandom().nextBytes(random);
        prefix = HexFormat.of().formatHex(random) + "-";
    }

    /** An id that was never given before. */
    public String next() {
        return prefix + count.incrementAndGet();
    }
}
