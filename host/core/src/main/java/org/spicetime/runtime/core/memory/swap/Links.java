// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.swap;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Queues of small numbers. A number is in one of them or in none; every operation is O(1), and none
 * makes an object once the largest number was seen. Guarded by the caller.
 */
final class Links {
    private static final int NONE = VictimSelector.NONE;

    private int[] prev = new int[0];
    private int[] next = new int[0];
    private @Nullable Queue[] in = new @Nullable Queue[0];

    /** An empty queue of these numbers. */
    Queue queue() {
        return new Queue();
    }

    /** The queue a number is in. */
    @Nullable Queue queueOf(int id) {
        return id < in.length ? in[id] : null;
    }

    /** Takes a number out of the queue it is in, if any. */
    void remove(int id) {
        Queue queue = queueOf(id);
        if (queue != null) {
            queue.unlink(id);
        }
    }

    private void room(int id) {
        if (id >= in.length) {
            int larger = Math.max(64, Math.max(id + 1, in.length * 2));
            prev = Arrays.copyOf(prev, larger);
            next = Arrays.copyOf(next, larger);
            in = Arrays.copyOf(in, larger);
        }
    }

    /** One of the queues. */
    final class Queue {
        private int head = NONE;
        private int tail = NONE;

        boolean isEmpty() {
            return head == NONE;
        }

        /** The first number; {@link VictimSelector#NONE}: it is empty. */
        int first() {
            return head;
        }

        /** Puts a number to the end that is in no queue. */
        void add(int id) {
            room(id);
            if (in[id] != null) {
                throw new IllegalStateException("block " + id + " is in the order already");
            }
            in[id] = this;
            prev[id] = tail;
            next[id] = NONE;
            if (tail == NONE) {
                head = id;
            } else {
                next[tail] = id;
            }
            tail = id;
        }

        /** Takes the first number out. */
        int poll() {
            int id = head;
            if (id != NONE) {
                unlink(id);
            }
            return id;
        }

        private void unlink(int id) {
            if (prev[id] == NONE) {
                head = next[id];
            } else {
                next[prev[id]] = next[id];
            }
            if (next[id] == NONE) {
                tail = prev[id];
            } else {
                prev[next[id]] = prev[id];
            }
            in[id] = null;
        }
    }
}
