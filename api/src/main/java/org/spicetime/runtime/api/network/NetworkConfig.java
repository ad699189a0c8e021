// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.network;

import java.time.Duration;
import java.util.Objects;

/**
 * Limits on the outgoing connections of a domain's tasks. Immutable.
 *
 * @param maxConnections most connections open at a time, 1 to 10000; further requests wait
 * @param timeout deadline of one request, all attempts included; zero: none
 * @param retryPolicy when a failed request is tried again
 * @param compression whether bodies are compressed and compressed answers asked for (gzip)
 */
public record NetworkConfig(
        int maxConnections, Duration timeout, RetryPolicy retryPolicy, boolean compression) {
    public NetworkConfig {
        if (maxConnections < 1 || maxConnections > 10_000)
            throw new IllegalArgumentException(
                    "maxConnections must be 1 .. 10000, was " + maxConnections);
        if (timeout.isNegative())
            throw new IllegalArgumentException("timeout must be 0 or more, was " + timeout);
        Objects.requireNonNull(retryPolicy, "retryPolicy");
    }
}
