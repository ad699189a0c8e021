// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.handle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something an attempt of a task holds until it closes it, or ends. Linked into the list of its
 * {@link TaskHandles}, which guards the links.
 */
abstract class Held {
    final TaskHandles holder;
    final List<String> site;

    /* Guarded by the holder. */
    @Nullable Held next;
    @Nullable Held previous;

    Held(TaskHandles holder) {
        this.holder = holder;
        this.site = holder.pool().sites().here();
    }

    /** For messages: kind and size. */
    abstract String what();

    /** In the plural, for those who look for leaks. */
    abstract String kind();

    /** Whether it is a leak of its task if that ends now. */
    abstract boolean leaks();

    /** Bytes of it, as they were asked for. */
    abstract long leakedBytes();

    /**
     * Its task is over, and the thread of the handler with it, or on its way out: on that thread,
     * or on any if that one has ended. What lives in the account of the task is given back by the
     * caller.
     */
    abstract void end();

    final IllegalStateException gone() {
        return new IllegalStateException(
                holder.ended()
                        ? what() + " is gone: task " + holder.owner().task() + " is over"
                        : what() + " is closed already");
    }
}
