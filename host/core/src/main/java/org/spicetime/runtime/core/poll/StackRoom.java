// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

/**
 * Whether the host can still work on the stack of a handler: what it changes must not be torn apart
 * by a stack overflow that belongs to the handler's recursion. Stateless.
 */
public final class StackRoom {

    /** Frames of this size take 30 KiB when compiled, several times as much when interpreted. */
    private static final int FRAMES = 1_500;

    private StackRoom() {}

    /** Whether there is room for a call into the host. */
    public static boolean isEnough() {
        try {
            return reach(FRAMES, 1) != 0;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    private static long reach(int frames, long odd) {
        return frames == 0 ? odd : reach(frames - 1, odd * 31 | 1) | frames;
    }
}
