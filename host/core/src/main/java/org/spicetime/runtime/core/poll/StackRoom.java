// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

/**
 * Whether the host can still work on the stack of a handler: what it changes must not be torn apart
 * by a stack overflow that belongs to the handler's recursion. Stateless.
 */
public final class StackRoom {

    /** So many frames of the method below take 20 KiB and half a microsecond when compiled. */
    private static final int FRAMES = 256;

    private static final long NEVER = 0x5eed;

    private StackRoom() {}

    /** Whether there is room for a call into the host. */
    public static boolean isEnough() {
        try {
            return reach(FRAMES, 1, 2, 3, 4, 5, 6) != NEVER;
        } catch (StackOverflowError e) {
            return false;
        }
    }

    /* All arguments are used after the call, so that every frame keeps them. */
    private static long reach(int frames, long a, long b, long c, long d, long e, long f) {
        return frames == 0
                ? a
                : reach(frames - 1, b, c, d, e, f, a + 1) + (a ^ b) * (c ^ d) + (e ^ f);
    }
}
