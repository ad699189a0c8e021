// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

/**
 * What the polls in woven code look at: whether somebody asks the work that runs to give way or to
 * end. While nobody asks, a poll is one opaque read of a word of its own cache line. Anybody may
 * ask; everything else happens on the thread that does the work.
 */
public abstract class PollContext extends PollFlag {

    /** Of threads that do no work of a task; nobody asks it. */
    static final PollContext NONE =
            new PollContext() {
                @Override
                protected void reached() {}
            };

    private static final int QUIET = 0;
    private static final int GIVE_WAY = 1;
    private static final int END = 2;

    long after0;
    long after1;
    long after2;
    long after3;
    long after4;
    long after5;
    long after6;

    /** A context of which nothing is asked. */
    protected PollContext() {}

    /** Has the next poll call {@link #reached}, to give way. Any thread. */
    public final void askGiveWay() {
        WORD.compareAndSet(this, QUIET, GIVE_WAY);
    }

    /** Has every poll from now on call {@link #reached}, to end; never taken back. Any thread. */
    public final void askEnd() {
        WORD.setVolatile(this, END);
    }

    /** Forgets that it was asked to give way. Any thread. */
    protected final void quiet() {
        WORD.compareAndSet(this, GIVE_WAY, QUIET);
    }

    /** Whether a poll would call {@link #reached} now. Any thread. */
    public final boolean asked() {
        return (int) WORD.getOpaque(this) != QUIET;
    }

    /** Whether it is to end. Any thread. */
    protected final boolean toEnd() {
        return (int) WORD.getVolatile(this) == END;
    }

    /**
     * A poll saw that something is asked. Gives way, or throws to end the work, or does nothing if
     * this is not the moment; then the next poll calls again unless {@link #quiet} was called. On
     * the thread that polls, which may be another one than that of the work.
     */
    protected abstract void reached();
}
