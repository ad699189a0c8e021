// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.guard;

import org.jspecify.annotations.Nullable;

/**
 * Watches over the calls into the plugin of one seat. Calls do not nest; each {@link #enter} is
 * followed by one {@link #leave} of the same thread, whatever the plugin did.
 */
public interface CallMeter {
    /** Watches over nothing. */
    CallMeter NONE =
            new CallMeter() {
                @Override
                public void renewed() {}

                @Override
                public void enter(String call, int items) {}

                @Override
                public @Nullable CallFault leave() {
                    return null;
                }
            };

    /** Another instance is in the seat: what was measured of the former one does not count. */
    void renewed();

    /**
     * A call into the plugin begins.
     *
     * @param call its name
     * @param items how many things it has to go through; 0 for the calls that should be quick
     */
    void enter(String call, int items);

    /**
     * The call ended, by an answer or by an exception.
     *
     * @return what it is at fault for; null: nothing
     */
    @Nullable CallFault leave();

    /**
     * What was entered as one was so many calls in a row; it ended.
     *
     * @return what they are at fault for; null: nothing
     */
    default @Nullable CallFault leave(long calls) {
        return leave();
    }

    /** Of calls that were entered as one, the next begins. */
    default void at(String call) {}
}
