// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreException;

/** Counts the room that was promised and is not used yet. Thread-safe. */
final class Rooms {

    private final long maxTasks;
    private final long maxBytes;
    private long tasks;
    private long bytes;

    Rooms(long maxTasks, long maxBytes) {
        this.maxTasks = maxTasks;
        this.maxBytes = maxBytes;
    }

    /** Promises room beside what is stored. */
    synchronized Room reserve(
            DomainId domain, int newTasks, long newBytes, long storedTasks, long storedBytes) {
        long freeTasks = maxTasks - storedTasks - tasks;
        long freeBytes = maxBytes - storedBytes - bytes;
        if (newTasks > freeTasks || newBytes > freeBytes) {
            throw new StoreException(
                    StoreException.Reason.OVERLOADED,
                    ("domain %s: the store in memory has room for %d more tasks and %d bytes, not"
                                    + " for %d and %d; try again when tasks were pruned")
                            .formatted(domain, freeTasks, freeBytes, newTasks, newBytes));
        }
        tasks += newTasks;
        bytes += newBytes;
        return new Room(domain, newTasks, newBytes);
    }

    /**
     * A promise of this store's own.
     *
     * @throws IllegalArgumentException if another store made it
     */
    Room issued(Reservation room) {
        if (!(room instanceof Room own) || own.issuer() != this) {
            throw new IllegalArgumentException("the room was not reserved by this store");
        }
        return own;
    }

    private synchronized void give(int oldTasks, long oldBytes) {
        tasks -= oldTasks;
        bytes -= oldBytes;
    }

    /** A promise. Thread-safe. */
    final class Room implements Reservation {
        private final DomainId domain;
        private final int tasks;
        private final long bytes;
        private boolean closed;

        private Room(DomainId domain, int tasks, long bytes) {
            this.domain = domain;
            this.tasks = tasks;
            this.bytes = bytes;
        }

        private Rooms issuer() {
            return Rooms.this;
        }

        /**
         * Whether it may be used for an append.
         *
         * @throws IllegalArgumentException if it is used up, of another domain or too small
         */
        void check(DomainId wanted, long submitted) {
            if (isClosed() || !domain.equals(wanted)) {
                throw new IllegalArgumentException(
                        "the room was used or given back, or belongs to another domain than "
                                + wanted);
            }
            if (submitted > tasks) {
                throw new IllegalArgumentException(
                        "room for %d tasks was reserved, %d were submitted"
                                .formatted(tasks, submitted));
            }
        }

        @Override
        public int tasks() {
            return tasks;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        private synchronized boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            give(tasks, bytes);
        }
    }
}
