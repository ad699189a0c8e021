// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The workers of a dispatcher: made on demand, kept while they are few, let go when they are many.
 * Guarded by the domain's guard.
 */
final class Crew {

    private final String domain;
    private final DomainGuard guard;
    private final WorkerUsage usage;
    private final BitSet numbers = new BitSet();
    private final Set<Worker> workers = new HashSet<>();
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();
    private final Set<Worker> left = new HashSet<>();
    private int coming;

    Crew(String domain, DomainGuard guard, WorkerUsage usage) {
        this.domain = domain;
        this.guard = guard;
        this.usage = usage;
    }

    /** Workers that were called and have not asked for work yet. */
    int coming() {
        return coming;
    }

    /** Threads whose handlers did not return. */
    int left() {
        return left.size();
    }

    /** A worker that comes and asks for work. */
    void call(Dispatcher dispatcher) {
        Worker worker = spare(dispatcher);
        worker.coming = true;
        coming++;
    }

    /** A worker that does nothing else; it comes as soon as the guard is free. */
    Worker spare(Dispatcher dispatcher) {
        Worker worker = idle.pollFirst();
        if (worker == null) {
            int number = numbers.nextClearBit(1);
            numbers.set(number);
            worker = new Worker(dispatcher, domain, number);
            workers.add(worker);
            usage.add(worker.thread());
            guard.afterwards(worker::start);
        } else {
            worker.unpark();
            guard.afterwards(worker::wake);
        }
        return worker;
    }

    /** The worker is there. */
    void arrived(Worker worker) {
        if (worker.coming) {
            worker.coming = false;
            coming--;
        }
    }

    /** There is nothing to do for it: it waits, unless enough others do. */
    void rest(Worker worker, int most) {
        if (idle.size() >= most) {
            worker.retiring = true;
        } else {
            worker.park();
            idle.addFirst(worker);
        }
    }

    /** Lets idle workers go until so many are left. */
    void shrink(int most) {
        while (idle.size() > most) {
            Worker worker = idle.removeLast();
            worker.retiring = true;
            worker.unpark();
            guard.afterwards(worker::wake);
        }
    }

    /** Its handler does not return. */
    void leaveBehind(Worker worker) {
        worker.leftBehind = true;
        left.add(worker);
        workers.remove(worker);
    }

    /** The worker ends. */
    void forget(Worker worker) {
        arrived(worker);
        idle.remove(worker);
        left.remove(worker);
        workers.remove(worker);
        numbers.clear(worker.number);
        usage.remove(worker.thread());
    }

    /** Lets all go, those left behind aside. */
    List<Thread> close() {
        List<Thread> ending = new ArrayList<>();
        idle.clear();
        for (Worker worker : workers) {
            worker.retiring = true;
            worker.unpark();
            guard.afterwards(worker::wake);
            ending.add(worker.thread());
        }
        return ending;
    }
}
