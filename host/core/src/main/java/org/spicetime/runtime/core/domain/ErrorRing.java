// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayDeque;
import java.util.List;
import org.spicetime.runtime.api.error.RuntimeError;

/** The newest failures of a domain. Thread-safe. */
final class ErrorRing {

    private static final int KEPT = 200;

    private final ArrayDeque<RuntimeError> newestFirst = new ArrayDeque<>();

    synchronized void add(RuntimeError error) {
        if (newestFirst.size() == KEPT) {
            newestFirst.removeLast();
        }
        newestFirst.addFirst(error);
    }

    synchronized List<RuntimeError> newest(int limit) {
        return newestFirst.stream().limit(limit).toList();
    }
}
