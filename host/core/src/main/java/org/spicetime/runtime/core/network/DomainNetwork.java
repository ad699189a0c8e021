// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import java.util.OptionalInt;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.network.HttpCall;
import org.spicetime.runtime.api.network.HttpReply;
import org.spicetime.runtime.api.network.NetworkClient;
import org.spicetime.runtime.api.network.NetworkConfig;
import org.spicetime.runtime.api.network.NetworkException;
import org.spicetime.runtime.api.network.NetworkMetrics;

/** Face; filled in soon. */
public final class DomainNetwork implements NetworkClient, AutoCloseable {
    /** For one domain; starts nothing before the first call. The cap comes from a grant; empty: none. */
    public DomainNetwork(DomainId domain, NetworkConfig config, OptionalInt connectionCap) {}

    /** Other limits, in force for calls from now on. */
    public void reconfigure(NetworkConfig config, OptionalInt connectionCap) {}

    /** What was measured. */
    public NetworkMetrics metrics() {
        return NetworkMetrics.UNUSED;
    }

    /** Bytes sent and received since the beginning. */
    public long bytes() {
        return 0;
    }

    @Override
    public HttpReply exchange(HttpCall call) throws NetworkException, InterruptedException {
        throw new NetworkException("not yet", null);
    }

    @Override
    public void close() {}
}
