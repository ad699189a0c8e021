// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

import java.util.Objects;

/**
 * A thread that runs woven code and whose polls look at the context of what it runs now. The
 * context is set and read by the thread itself alone.
 */
public final class PolledThread extends Thread {

    private PollContext context = PollContext.NONE;

    /** A platform thread that is not started. */
    public PolledThread(Runnable work, String name) {
        super(null, work, name, 0, false);
    }

    /**
     * From now on the polls of this thread look at this context. On this thread; methods that run
     * already keep the context they began with.
     *
     * @return the context until now, to be entered again afterwards
     */
    public PollContext enter(PollContext next) {
        PollContext before = context;
        context = Objects.requireNonNull(next, "next");
        return before;
    }

    /** What its polls look at. On this thread. */
    PollContext context() {
        return context;
    }
}
