// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.websocket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A timer and a clock that the test moves. Called by one thread at a time. */
public final class FakeTimer implements Timer {
    private record Entry(long at, Runnable action) {}

    private final List<Entry> entries = new ArrayList<>();
    volatile long now;

    @Override
    public Runnable after(Duration delay, Runnable action) {
        Entry entry = new Entry(now + delay.toNanos(), action);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    public long nanoTime() {
        return now;
    }

    public void pass(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            Optional<Entry> next =
                    entries.stream()
                            .filter(entry -> entry.at <= end)
                            .min(Comparator.comparingLong(Entry::at));
            if (next.isEmpty()) break;
            entries.remove(next.get());
            now = Math.max(now, next.get().at);
            next.get().action.run();
        }
        now = end;
    }

    int pending() {
        return entries.size();
    }

    @Override
    public void close() {
        entries.clear();
    }
}
