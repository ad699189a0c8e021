// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.core.watches.Channel;

/** The newest failures of a domain, and who is told of them. Thread-safe. */
final class ErrorRing {

    private static final int KEPT = 200;

    private final ArrayDeque<RuntimeError> newestFirst = new ArrayDeque<>();
    private final List<Channel<RuntimeError>> watches = new CopyOnWriteArrayList<>();
    private volatile Consumer<RuntimeError> host = error -> {};

    synchronized void add(RuntimeError error) {
        if (newestFirst.size() == KEPT) {
            newestFirst.removeLast();
        }
        newestFirst.addFirst(error);
        watches.forEach(channel -> channel.offer(error));
        host.accept(error);
    }

    /** Who is told as well, at once and while this is held; must be quick. */
    void forward(Consumer<RuntimeError> to) {
        host = to;
    }

    synchronized List<RuntimeError> newest(int limit) {
        return newestFirst.stream().limit(limit).toList();
    }

    Watch watch(Channel<RuntimeError> channel) {
        watches.add(channel);
        return () -> {
            channel.close();
            watches.remove(channel);
        };
    }

    /** Tells nobody any more. */
    void end() {
        watches.clear();
    }
}
