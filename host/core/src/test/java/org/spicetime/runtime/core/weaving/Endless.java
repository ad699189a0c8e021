// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.spicetime.runtime.api.handler.NoPreempt;

/** Code that never ends by itself, in many ways. */
@SuppressWarnings({
    "InfiniteLoopStatement",
    "InfiniteRecursion",
    "ComparisonOutOfRange"
}) // that is what is tested
public class Endless implements IntConsumer {
    static final int COUNT = 13;

    /** Seen from outside: what went on, what was cleaned up. */
    static final AtomicLong TURNS = new AtomicLong();

    static final AtomicLong CLEANED = new AtomicLong();
    static final ReentrantLock LOCK = new ReentrantLock();

    private final int[] table = new int[5_000];
    private long side;

    @Override
    public void accept(int which) {
        switch (which) {
            case 0 -> spin();
            case 1 -> empty();
            case 2 -> recurse(0);
            case 3 -> vectors();
            case 4 -> stubborn();
            case 5 -> farAway();
            case 6 -> inclusive();
            case 7 -> atItsEnd();
            case 8 -> collect();
            case 9 -> locked();
            case 10 -> cleansUp();
            case 11 -> mutual(0);
            case 12 -> byExceptions();
            default -> throw new IllegalArgumentException("no. " + which);
        }
    }

    private void spin() {
        while (true) side++;
    }

    private static void empty() {
        for (; ; ) {}
    }

    private long recurse(int depth) {
        try {
            return recurse(depth + 1) + 1;
        } catch (StackOverflowError e) {
            return recurse(depth + 1);
        }
    }

    private void vectors() {
        while (true) {
            for (int i = 0; i < table.length; i++) table[i] += i;
        }
    }

    private void stubborn() {
        while (true) {
            try {
                while (true) side++;
            } catch (Throwable t) {
                side = 0;
            }
        }
    }

    private void farAway() {
        for (long i = 0; i < Long.MAX_VALUE; i++) side += i ^ (side >> 3);
    }

    private void inclusive() {
        for (int i = 0; i <= Integer.MAX_VALUE; i++) side ^= i;
    }

    private void atItsEnd() {
        do {
            side++;
        } while (side != -1);
    }

    private void collect() {
        StringBuilder text = new StringBuilder();
        while (true) {
            text.append("x");
            if (text.length() > 1_000) text.setLength(0);
        }
    }

    private void locked() {
        LOCK.lock();
        try {
            synchronized (this) {
                while (true) side++;
            }
        } finally {
            LOCK.unlock();
        }
    }

    private void cleansUp() {
        try {
            while (true) side++;
        } finally {
            for (int i = 0; i < 2_000; i++) {
                CLEANED.incrementAndGet();
            }
        }
    }

    private boolean mutual(int n) {
        return n >= 0 && !lautum(n);
    }

    private boolean lautum(int n) {
        try {
            return !mutual(n + 1);
        } catch (StackOverflowError e) {
            return mutual(n + 1) || mutual(n + 2);
        }
    }

    private void byExceptions() {
        while (true) {
            try {
                if (side++ >= 0) throw new IllegalStateException();
            } catch (IllegalStateException e) {
                side += 2;
            }
        }
    }

    /** Runs for so many turns, undisturbed by polls. */
    @NoPreempt
    static long shielded(int turns) {
        long sum = 0;
        for (int i = 0; i < turns; i++) sum += unshielded(i);
        return sum;
    }

    private static long unshielded(int turns) {
        long sum = 0;
        for (int i = 0; i < turns * 10; i++) sum = sum * 31 + i;
        return sum;
    }
}
