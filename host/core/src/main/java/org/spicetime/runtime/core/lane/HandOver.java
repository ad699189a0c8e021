// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.lane;

import java.lang.invoke.VarHandle;

/**
 * Sees to it that what is put into an inbox is taken in by somebody who has a lock, without anybody
 * waiting for the lock: who finds it taken goes away, and who had it looks again after he left
 * (flat combining: D. Hendler, I. Incze, N. Shavit and M. Tzafrir, <i>Flat Combining and the
 * Synchronization-Parallelism Tradeoff</i>, SPAA 2010). Thread-safe.
 */
public final class HandOver {

    /** The lock, and what is done inside. */
    public interface Section {
        /** Enters if nobody is inside. */
        boolean tryEnter();

        /** Takes all in that can be taken now. Inside. */
        void takeIn();

        /** Leaves; {@link HandOver#left} need not be called. */
        void leave();

        /** Whether somebody else is sure to look soon. Any thread. */
        boolean attended();
    }

    private final Inbox<?> inbox;
    private final Section section;

    /** Between this inbox and this section. */
    public HandOver(Inbox<?> inbox, Section section) {
        this.inbox = inbox;
        this.section = section;
    }

    /** Something was put in that nobody may look at. By the one who put it in, outside. */
    public void look() {
        do {
            // Who finds it taken has put his in before; the one inside looks after he left.
            VarHandle.fullFence();
            if (!section.tryEnter()) {
                return;
            }
            try {
                section.takeIn();
            } finally {
                section.leave();
            }
            VarHandle.fullFence();
        } while (!section.attended() && inbox.hasNext());
    }

    /** The section was left; who put something in meanwhile may have gone away. Outside. */
    public void left() {
        VarHandle.fullFence();
        if (!section.attended() && inbox.hasNext()) {
            look();
        }
    }
}
