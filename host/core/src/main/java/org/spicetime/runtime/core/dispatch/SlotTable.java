// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The slots of one domain: how many there are, how many of them may be used, which are taken, and
 * what runs. A run that waits is under way without a slot. Guarded by the domain's guard.
 */
final class SlotTable {

    private int count;
    private int permitted = Integer.MAX_VALUE;
    private final BitSet taken = new BitSet();
    private final Set<Run> running = new HashSet<>();

    void count(int slots) {
        count = slots;
    }

    int count() {
        return count;
    }

    /** Limits how many may be taken, however many there are. */
    void permit(int most) {
        permitted = most;
    }

    int busy() {
        return taken.cardinality();
    }

    /** How many more are taken than may be; 0: exactly so many; less: there is room. */
    int beyond() {
        return busy() - Math.min(count, permitted);
    }

    int firstFree() {
        return taken.nextClearBit(0);
    }

    /** Whether another one may be taken. */
    boolean oneIsFree() {
        return firstFree() < count && beyond() < 0;
    }

    /** Takes the first free one. */
    int take() {
        int slot = firstFree();
        taken.set(slot);
        return slot;
    }

    void free(int slot) {
        taken.clear(slot);
    }

    void began(Run run) {
        running.add(run);
    }

    /** The run is over, and leaves its slot if it has one. */
    void left(Run run) {
        running.remove(run);
        if (run.slot != Run.NO_SLOT) {
            free(run.slot);
            run.slot = Run.NO_SLOT;
        }
    }

    boolean runs(Run run) {
        return running.contains(run);
    }

    int runningCount() {
        return running.size();
    }

    /** What runs, as it is now. */
    List<Run> running() {
        return List.copyOf(running);
    }

    void forEachRun(Consumer<Run> action) {
        running.forEach(action);
    }

    void forEachLight(Consumer<LightRun> action) {
        for (Run run : running) {
            if (run instanceof LightRun light) {
                action.accept(light);
            }
        }
    }

    /** Whether light tasks run somewhere that match; the first one that does ends the search. */
    boolean anyLight(Predicate<LightRun> filter) {
        for (Run run : running) {
            if (run instanceof LightRun light && filter.test(light)) {
                return true;
            }
        }
        return false;
    }
}
