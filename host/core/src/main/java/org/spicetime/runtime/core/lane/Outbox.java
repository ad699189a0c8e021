// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.lane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one worker holds ready for itself, and others may steal: a bounded ring, first in, first
 * out, filled by one thread at a time and emptied by any; each element goes to one of them (a queue
 * after N. S. Arora, R. D. Blumofe and C. G. Plaxton, <i>Thread Scheduling for Multiprogrammed
 * Multiprocessors</i>, SPAA 1998, where thieves and owner take from the same end, so that the order
 * is kept). Thread-safe as said.
 *
 * @param <E> what is held
 */
public final class Outbox<E> {
    private static final VarHandle PLACES = MethodHandles.arrayElementVarHandle(Object[].class);

    private final @Nullable Object[] places;
    private final int mask;
    private final PaddedIndex head = new PaddedIndex();
    private final PaddedIndex tail = new PaddedIndex();

    /* Of the thread that fills: places before this one keep nothing alive. */
    private long forgotten;

    /**
     * An empty ring.
     *
     * @param capacity a power of two
     */
    public Outbox(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two, was " + capacity);
        }
        places = new Object[capacity];
        mask = capacity - 1;
    }

    /** How many it can hold. */
    public int capacity() {
        return places.length;
    }

    /** Puts something at the end; false: there is no room. One thread at a time. */
    public boolean add(E element) {
        long at = tail.getAcquire();
        if (at - head.getAcquire() >= places.length) {
            return false;
        }
        PLACES.setOpaque(places, (int) at & mask, element);
        tail.setRelease(at + 1);
        return true;
    }

    /** Takes the first; null: there is none. Any thread. */
    @SuppressWarnings("unchecked") // only elements are put in
    public @Nullable E poll() {
        while (true) {
            long at = head.getAcquire();
            if (at >= tail.getAcquire()) {
                return null;
            }
            // Its place is used again only after the head has gone on, so the one who moves it has
            // it.
            Object element = PLACES.getOpaque(places, (int) at & mask);
            if (head.compareAndSet(at, at + 1)) {
                return (E) element;
            }
        }
    }

    /** Lets go of what was taken; until then the ring keeps it alive. By the thread that fills. */
    public void forget() {
        // Places that were used again hold others now.
        forgotten = Math.max(forgotten, tail.getAcquire() - places.length);
        for (long taken = head.getAcquire(); forgotten < taken; forgotten++) {
            PLACES.setOpaque(places, (int) forgotten & mask, null);
        }
    }

    /** How many are held. Any thread. */
    public int size() {
        long taken = head.getAcquire();
        return (int) Math.max(0, tail.getAcquire() - taken);
    }
}
