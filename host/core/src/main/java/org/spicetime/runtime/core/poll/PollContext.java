// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

import java.util.concurrent.TimeUnit;

/**
 * What the polls in woven code look at: whether somebody asks the work that runs to give way or to
 * end. While nobody asks, a poll is one opaque read of a word of its own cache line. Anybody may
 * ask; everything else happens on the thread that does the work, and nothing happens at polls
 * within a class initialiser or, for a while, within {@code @NoPreempt}.
 */
public abstract class PollContext extends PollFlag {

    /** Of threads that do no work of a task; nobody asks it. */
    static final PollContext NONE =
            new PollContext() {
                @Override
                protected void giveWay() {}

                @Override
                protected RuntimeException ending() {
                    return new IllegalStateException("nobody asks a thread without a task to end");
                }
            };

    private static final int QUIET = 0;
    private static final int GIVE_WAY = 1;
    private static final int END = 2;

    private static final long HELD_AT_MOST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long CLEANING_AT_MOST = TimeUnit.MILLISECONDS.toNanos(10);

    long after0;
    long after1;
    long after2;
    long after3;
    long after4;
    long after5;
    long after6;

    /* Of the thread that does the work. */
    private int initialisers;
    private int held;
    private long heldSince;
    private boolean thrown;
    private long cleaningSince;

    /** A context of which nothing is asked. */
    protected PollContext() {}

    /** Has the next poll call {@link #giveWay}. Any thread. */
    public final void askGiveWay() {
        WORD.compareAndSet(this, QUIET, GIVE_WAY);
    }

    /** Has the polls from now on throw {@link #ending}; never taken back. Any thread. */
    public final void askEnd() {
        WORD.setVolatile(this, END);
    }

    /** Forgets that it was asked to give way. Any thread. */
    protected final void quiet() {
        WORD.compareAndSet(this, GIVE_WAY, QUIET);
    }

    /** Whether a poll has something to do. Any thread. */
    public final boolean asked() {
        return (int) WORD.getOpaque(this) != QUIET;
    }

    /**
     * Leaves the processor to somebody else, if that is possible now, and calls {@link #quiet}; or
     * does nothing and is called again by the next poll. At a poll.
     */
    protected abstract void giveWay();

    /** What a poll throws to end the work. */
    protected abstract RuntimeException ending();

    /*
     * The first poll throws. Then finally blocks have some time in which their own polls do nothing;
     * after it every poll throws, so work that caught the first one comes to its end.
     */
    /** A poll saw that something is asked. */
    final void reached() {
        if (!mayGiveWay()) {
            return;
        }
        if ((int) WORD.getVolatile(this) != END) {
            if (StackRoom.isEnough()) {
                giveWay();
            }
        } else if (!thrown) {
            RuntimeException ending = ending();
            cleaningSince = System.nanoTime();
            thrown = true;
            throw ending;
        } else if (System.nanoTime() - cleaningSince > CLEANING_AT_MOST) {
            throw ending();
        }
    }

    /** Whether polls are heeded here: not within a class initialiser or {@code @NoPreempt}. */
    protected final boolean mayGiveWay() {
        return initialisers == 0 && !isHeld();
    }

    private boolean isHeld() {
        if (held == 0) {
            return false;
        }
        long now = System.nanoTime();
        if (heldSince == 0) {
            heldSince = now;
        }
        return now - heldSince <= HELD_AT_MOST;
    }

    /** A method begins in which polls do nothing for a while. */
    final void hold() {
        held++;
    }

    /** It ends. */
    final void release() {
        held--;
        heldSince = 0;
    }

    /** A class initialiser begins, in which polls do nothing. */
    final void beginInitialiser() {
        initialisers++;
    }

    /** It ends. */
    final void endInitialiser() {
        initialisers--;
    }
}
