// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.lane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue into which any thread puts and out of which one thread at a time takes: a ring
 * whose places are claimed by compare-and-set and published one by one (after D. Vyukov's bounded
 * queue and the rings of JCTools, on {@link VarHandle}s). What one thread puts in comes out in its
 * order. Who was stopped between claim and publication holds back those behind it, but nobody who
 * takes waits for it: it finds nothing for now. Thread-safe as said.
 *
 * @param <E> what is queued
 */
public final class Inbox<E> {
    private static final VarHandle PLACES = MethodHandles.arrayElementVarHandle(Object[].class);

    private final @Nullable Object[] places;
    private final int mask;
    private final PaddedIndex tail = new PaddedIndex();
    private final PaddedIndex head = new PaddedIndex();

    /** How far producers may go before they look at the head again. */
    private final PaddedIndex limit = new PaddedIndex();

    /**
     * An empty queue.
     *
     * @param capacity a power of two
     */
    public Inbox(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two, was " + capacity);
        }
        places = new Object[capacity];
        mask = capacity - 1;
        limit.setRelease(capacity);
    }

    /**
     * Puts something in, if fewer than so many were put in before. Any thread.
     *
     * @param most how many may have been put in, in all and with this one
     * @return how many were put in before; {@link #FULL} or {@link #BEYOND}: it was not put in
     */
    public long offer(E element, long most) {
        long at;
        do {
            at = tail.get();
            if (at >= most) {
                return BEYOND;
            }
            if (at >= limit.getAcquire() && !room(at)) {
                return FULL;
            }
        } while (!tail.compareAndSet(at, at + 1));
        PLACES.setRelease(places, (int) at & mask, element);
        return at;
    }

    /** There is no place free. */
    public static final long FULL = -1;

    /** As many as allowed were put in. */
    public static final long BEYOND = -2;

    private boolean room(long at) {
        long reach = head.get() + places.length;
        if (at >= reach) {
            return false;
        }
        limit.setRelease(reach);
        return true;
    }

    /** Takes the first out; null: there is none, or it is about to come. One thread at a time. */
    @SuppressWarnings("unchecked") // only elements are put in
    public @Nullable E poll() {
        long at = head.getAcquire();
        int place = (int) at & mask;
        Object element = PLACES.getAcquire(places, place);
        if (element == null) {
            return null;
        }
        PLACES.set(places, place, null);
        head.setRelease(at + 1);
        return (E) element;
    }

    /**
     * Whether nothing was put in that was not taken out. What a thread put in before it read
     * something that was written before this call is seen. Any thread.
     */
    public boolean isEmpty() {
        return head.getAcquire() == tail.get();
    }

    /** Whether {@link #poll} would find something. Any thread. */
    public boolean hasNext() {
        return PLACES.getAcquire(places, (int) head.getAcquire() & mask) != null;
    }

    /** How many were put in and not taken out, some of which may be about to come. Any thread. */
    public int size() {
        long taken = head.getAcquire();
        return (int) Math.max(0, tail.get() - taken);
    }

    /** How many were put in, ever. Any thread. */
    public long offered() {
        return tail.get();
    }
}
