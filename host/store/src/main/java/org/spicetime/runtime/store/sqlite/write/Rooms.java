// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import java.util.concurrent.atomic.AtomicBoolean;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreException;

/**
 * Places in the writer's queue for tasks that are being admitted. Events of tasks that were
 * admitted need none. A single admission larger than all places is let in when it is alone.
 * Thread-safe.
 */
public final class Rooms {

    private final int maxTasks;
    private final long maxBytes;
    private long tasks;
    private long bytes;

    /**
     * A number of places.
     *
     * @param maxTasks for so many tasks
     * @param maxBytes and so many bytes
     */
    public Rooms(int maxTasks, long maxBytes) {
        this.maxTasks = maxTasks;
        this.maxBytes = maxBytes;
    }

    /**
     * Promises room.
     *
     * @param domain the domain
     * @param newTasks tasks
     * @param newBytes bytes
     * @return to be used or closed
     * @throws StoreException OVERLOADED
     */
    public synchronized Room reserve(DomainId domain, int newTasks, long newBytes) {
        boolean full = tasks + newTasks > maxTasks || bytes + newBytes > maxBytes;
        if (full && tasks > 0) {
            throw new StoreException(
                    StoreException.Reason.OVERLOADED,
                    "domain %s: %d tasks of %d bytes wait to be stored, and there is no place for %d of %d bytes more; try again soon"
                            .formatted(domain, tasks, bytes, newTasks, newBytes));
        }
        tasks += newTasks;
        bytes += newBytes;
        return new Room(domain, newTasks, newBytes);
    }

    private synchronized void give(int oldTasks, long oldBytes) {
        tasks -= oldTasks;
        bytes -= oldBytes;
    }

    /** A promise. Thread-safe. */
    public final class Room implements Reservation {
        private final DomainId domain;
        private final int tasks;
        private final long bytes;
        private final AtomicBoolean used = new AtomicBoolean();
        private final AtomicBoolean closed = new AtomicBoolean();

        private Room(DomainId domain, int tasks, long bytes) {
            this.domain = domain;
            this.tasks = tasks;
            this.bytes = bytes;
        }

        /**
         * Uses it up, but keeps its place until it is given back.
         *
         * @param by the store it is used in
         * @param of the domain it is used for
         * @param submitted tasks
         * @return to be closed when the append is over
         * @throws IllegalArgumentException if it is not for this, or was used before
         */
        public Reservation use(Rooms by, DomainId of, long submitted) {
            if (by != Rooms.this) {
                throw new IllegalArgumentException("the room was not reserved by this store");
            }
            if (!used.compareAndSet(false, true)) {
                throw new IllegalArgumentException("the room was used or given back");
            }
            if (!domain.equals(of) || submitted > tasks) {
                giveBack();
                throw new IllegalArgumentException(
                        "room for %d tasks of domain %s was reserved, %d of domain %s were submitted"
                                .formatted(tasks, domain, submitted, of));
            }
            return new Used();
        }

        private void giveBack() {
            if (closed.compareAndSet(false, true)) {
                give(tasks, bytes);
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

        @Override
        public void close() {
            if (used.compareAndSet(false, true)) {
                giveBack();
            }
        }

        /** The place of an append that is under way. Thread-safe. */
        private final class Used implements Reservation {
            @Override
            public int tasks() {
                return tasks;
            }

            @Override
            public long bytes() {
                return bytes;
            }

            @Override
            public void close() {
                giveBack();
            }
        }
    }
}
