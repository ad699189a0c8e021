// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Timers by instant, then by the order in which they were set: a binary heap. Guarded by the
 * caller.
 */
final class TimerHeap {
    private @Nullable Timer[] timers = new Timer[64];
    private int size;
    private long set;

    long nextDue() {
        return size == 0 ? Long.MAX_VALUE : at(0).due;
    }

    void set(Timer timer) {
        if (size == timers.length) timers = Arrays.copyOf(timers, size << 1);
        timer.number = set++;
        up(size++, timer);
    }

    /** Takes out a timer that is set; nothing happens to another one. */
    void cancel(@Nullable Timer timer) {
        if (timer == null || timer.position < 0) return;
        int hole = timer.position;
        timer.position = -1;
        Timer moved = at(--size);
        timers[size] = null;
        if (moved != timer) place(hole, moved);
    }

    /** Takes out the first timer that is due; null: none is. */
    @Nullable Timer poll(long now) {
        if (nextDue() > now) return null;
        Timer timer = at(0);
        cancel(timer);
        return timer;
    }

    /** Changes instants of any timers, then orders them anew. */
    void adjust(Consumer<Timer> change) {
        for (int i = 0; i < size; i++) change.accept(at(i));
        for (int i = (size >> 1) - 1; i >= 0; i--) down(i, at(i));
    }

    private void place(int hole, Timer timer) {
        if (hole > 0 && before(timer, at((hole - 1) >> 1))) up(hole, timer);
        else down(hole, timer);
    }

    private void up(int start, Timer timer) {
        int hole = start;
        while (hole > 0) {
            Timer parent = at((hole - 1) >> 1);
            if (!before(timer, parent)) break;
            put(hole, parent);
            hole = (hole - 1) >> 1;
        }
        put(hole, timer);
    }

    private void down(int start, Timer timer) {
        int hole = start;
        while (true) {
            int child = (hole << 1) + 1;
            if (child >= size) break;
            if (child + 1 < size && before(at(child + 1), at(child))) child++;
            if (before(timer, at(child))) break;
            put(hole, at(child));
            hole = child;
        }
        put(hole, timer);
    }

    private static boolean before(Timer left, Timer right) {
        return left.due != right.due ? left.due < right.due : left.number < right.number;
    }

    private void put(int position, Timer timer) {
        timers[position] = timer;
        timer.position = position;
    }

    private Timer at(int position) {
        Timer timer = timers[position];
        if (timer == null)
            throw new IllegalStateException("hole among the timers at " + position + " of " + size);
        return timer;
    }
}
