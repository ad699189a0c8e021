// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.history;

import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;

/**
 * The tasks of a domain in the order of their last changes, and the ids of those purged. A change
 * takes the next number of the domain's sequence and moves its task to the end, so a reader that
 * goes on from a number meets every task that changed since exactly once, in its newest state; it
 * can be as slow as it likes. Only purged tasks are forgotten: the last {@value #PURGED_KEPT} are
 * kept, a reader that is further behind has to read the list anew.
 *
 * <p>Guarded by the domain's guard.
 */
public final class ChangeLog {

    static final int PURGED_KEPT = 1 << 16;
    private static final int FIRST_CAPACITY = 64;

    private final UUID id = UUID.randomUUID();
    private final Node end = new Node();
    private long last;
    private long floor;

    /* A ring of purged tasks: number and id, oldest at first. */
    private long[] numbers = new long[FIRST_CAPACITY];
    private long[] highs = new long[FIRST_CAPACITY];
    private long[] lows = new long[FIRST_CAPACITY];
    private int first;
    private int size;

    /** A place in the order: a task, the mark of a reader, or the end. */
    static class Node {
        Node older = this;
        Node newer = this;
        long number;

        final void unlink() {
            older.newer = newer;
            newer.older = older;
        }

        final void linkAfter(Node place) {
            older = place;
            newer = place.newer;
            newer.older = this;
            place.newer = this;
        }
    }

    /** A task is in no order any more, without a word to those who read. */
    void forget(TaskTrace trace) {
        trace.unlink();
        trace.older = trace;
        trace.newer = trace;
    }

    /** Which sequence the numbers belong to. */
    public UUID id() {
        return id;
    }

    /** The number issued last. */
    public long last() {
        return last;
    }

    void changed(TaskTrace trace) {
        trace.number = ++last;
        if (end.older != trace) {
            trace.unlink();
            trace.linkAfter(end.older);
        }
    }

    void purged(TaskTrace trace, TaskId task) {
        trace.unlink();
        UUID uuid = task.value();
        if (size == numbers.length) {
            makeRoom();
        }
        int at = (first + size) & (numbers.length - 1);
        numbers[at] = ++last;
        highs[at] = uuid.getMostSignificantBits();
        lows[at] = uuid.getLeastSignificantBits();
        size++;
    }

    private void makeRoom() {
        if (size == PURGED_KEPT) {
            floor = numbers[first];
            first = (first + 1) & (numbers.length - 1);
            size--;
            return;
        }
        numbers = unrolled(numbers);
        highs = unrolled(highs);
        lows = unrolled(lows);
        first = 0;
    }

    private long[] unrolled(long[] ring) {
        long[] larger = Arrays.copyOf(Arrays.copyOfRange(ring, first, ring.length), 2 * size);
        System.arraycopy(ring, 0, larger, ring.length - first, first);
        return larger;
    }

    /** Whether changes after this number can still be told. */
    public boolean reaches(long after) {
        return after >= floor && after <= last;
    }

    /** A reader of what changes after this number, which must be reachable. */
    @SuppressWarnings("ReferenceEquality") // a node is itself and nothing else
    public Reader reader(long after) {
        Node place = end.older;
        while (place != end && place.number > after) {
            place = place.older;
        }
        Reader reader = new Reader();
        reader.mark.number = after;
        reader.mark.linkAfter(place);
        return reader;
    }

    /** Receives changes. */
    public interface Sink {
        /** A task changed; null: it was purged. */
        void changed(long number, TaskId task, @Nullable TaskTrace trace);
    }

    /** Goes through the changes; to be closed. Guarded by the domain's guard. */
    public final class Reader {
        private final Node mark = new Node();

        private Reader() {}

        /** The number of the last change it has taken. */
        public long number() {
            return mark.number;
        }

        /** Whether it is so far behind that purged tasks were forgotten meanwhile. */
        public boolean expired() {
            return mark.number < floor;
        }

        /** Whether there is something to take. */
        public boolean behind() {
            return mark.number < last;
        }

        /** Shows the next changes, at most so many; the number of them. */
        @SuppressWarnings("ReferenceEquality") // a node is itself and nothing else
        public int take(int most, Sink sink) {
            int taken = 0;
            while (taken < most) {
                Node task = mark.newer;
                while (task != end && !(task instanceof TaskTrace)) {
                    task = task.newer;
                }
                int purged = firstPurgedAfter(mark.number);
                boolean tasks = task != end;
                if (purged < size && (!tasks || numberAt(purged) < task.number)) {
                    mark.number = numberAt(purged);
                    sink.changed(mark.number, idAt(purged), null);
                } else if (tasks && task instanceof TaskTrace trace) {
                    mark.unlink();
                    mark.linkAfter(task);
                    mark.number = task.number;
                    sink.changed(task.number, trace.entry.taskId(), trace);
                } else {
                    mark.number = last;
                    return taken;
                }
                taken++;
            }
            return taken;
        }

        /** Ends the reading. */
        public void close() {
            mark.unlink();
            mark.older = mark;
            mark.newer = mark;
        }
    }

    private int firstPurgedAfter(long number) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (numberAt(middle) > number) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private long numberAt(int position) {
        return numbers[(first + position) & (numbers.length - 1)];
    }

    private TaskId idAt(int position) {
        int at = (first + position) & (numbers.length - 1);
        return new TaskId(new UUID(highs[at], lows[at]));
    }
}
