// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.multilevelfeedback;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.PolicyNode;

/** Where a task stands, and its neighbours in its queue. Called by one thread at a time. */
final class Place {
    final PolicyNode node;

    /* Both hold for one boost; after the next one the task is at the highest level anew. */
    int level;
    long used;
    long boosts;

    /* In the order of arrival, over both queues of a level. */
    long turn;

    @Nullable Levels queues;
    @Nullable Place before;
    @Nullable Place after;

    Place(PolicyNode node) {
        this.node = node;
    }
}
