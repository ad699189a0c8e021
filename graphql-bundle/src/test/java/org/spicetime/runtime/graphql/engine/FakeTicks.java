// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.graphql.stream.Ticks;

/** A pace in a test's hands. */
final class FakeTicks implements Ticks {
    final List<Duration> intervals = new CopyOnWriteArrayList<>();
    private final List<Runnable> ticking = new CopyOnWriteArrayList<>();

    @Override
    public Watch every(Duration interval, Runnable tick) {
        intervals.add(interval);
        ticking.add(tick);
        return () -> ticking.remove(tick);
    }

    void tick() {
        ticking.forEach(Runnable::run);
    }

    int count() {
        return ticking.size();
    }
}
