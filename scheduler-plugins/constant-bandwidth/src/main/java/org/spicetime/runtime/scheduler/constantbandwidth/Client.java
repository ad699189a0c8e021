// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.PolicyNode;

/** A task at its server. Called by one thread at a time. */
final class Client {
    final PolicyNode node;
    Server server;

    /** Whether it is queued or runs. */
    boolean active;

    /** What the domain had been without a queue when its slice began. */
    long calmBefore;

    @Nullable Line line;
    @Nullable Client before;
    @Nullable Client after;

    Client(PolicyNode node, Server server) {
        this.node = node;
        this.server = server;
    }
}
