// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recovery;

import org.spicetime.runtime.api.TaskId;

/** Remembers which tasks are in the hands of their handlers. Thread-safe; never waits. */
public interface InFlight {

    /** The mark of a task that is not remembered. */
    int UNMARKED = -1;

    /** Remembers nothing: for hosts whose tasks do not outlive them. */
    InFlight NONE =
            new InFlight() {
                @Override
                public int begin(TaskId task) {
                    return UNMARKED;
                }

                @Override
                public void end(int mark) {
                    // Nothing was remembered.
                }
            };

    /**
     * A handler is about to be called.
     *
     * @return what {@link #end} wants
     */
    int begin(TaskId task);

    /** The handler has returned, or thrown. */
    void end(int mark);
}
