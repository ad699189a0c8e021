// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.multilevelfeedback;

import org.jspecify.annotations.Nullable;

/**
 * A queue for each level, as links inside the places, and a bit for each that is not empty. Called
 * by one thread at a time.
 */
final class Levels {
    private final @Nullable Place[] firsts;
    private final @Nullable Place[] lasts;
    private long filled;

    Levels(int count) {
        firsts = new Place[count];
        lasts = new Place[count];
    }

    /** The first of the highest level that is not empty. */
    @Nullable Place first() {
        return filled == 0 ? null : firsts[Long.numberOfTrailingZeros(filled)];
    }

    void addFirst(Place place) {
        Place second = firsts[place.level];
        place.queues = this;
        place.after = second;
        firsts[place.level] = place;
        if (second == null) lasts[place.level] = place;
        else second.before = place;
        filled |= 1L << place.level;
    }

    void addLast(Place place) {
        Place former = lasts[place.level];
        place.queues = this;
        place.before = former;
        lasts[place.level] = place;
        if (former == null) firsts[place.level] = place;
        else former.after = place;
        filled |= 1L << place.level;
    }

    /** Takes a place out of the queue of this level. */
    void remove(Place place, int level) {
        Place before = place.before;
        Place after = place.after;
        if (before == null) firsts[level] = after;
        else before.after = after;
        if (after == null) lasts[level] = before;
        else after.before = before;
        if (firsts[level] == null) filled &= ~(1L << level);
        place.before = null;
        place.after = null;
        place.queues = null;
    }

    /** Everybody goes to the highest level, behind those who are there, in the order of levels. */
    void raise() {
        for (int level = 1; level < firsts.length; level++) {
            Place first = firsts[level];
            if (first == null) continue;
            Place end = lasts[0];
            first.before = end;
            if (end == null) firsts[0] = first;
            else end.after = first;
            lasts[0] = lasts[level];
            firsts[level] = null;
            lasts[level] = null;
            filled = 1;
        }
    }

    /** Length of a queue; walks along it. */
    int size(int level) {
        int size = 0;
        for (Place place = firsts[level]; place != null; place = place.after) size++;
        return size;
    }
}
