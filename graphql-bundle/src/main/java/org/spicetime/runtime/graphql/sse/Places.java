// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.sse;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many of something each user has. Thread-safe. */
final class Places {
    private final int most;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /**
     * @param most for each user
     */
    Places(int most) {
        this.most = most;
    }

    /**
     * Takes a place, to be released in any case.
     *
     * @return whether there is one
     */
    boolean take(String user) {
        return taken.merge(user, 1, Integer::sum) <= most;
    }

    void release(String user) {
        taken.computeIfPresent(user, (same, count) -> count > 1 ? count - 1 : null);
    }
}
