// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.osthreads;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A thread as the operating system knows it. Immutable; valid while the thread lives, which the
 * caller answers for: numbers are used again.
 *
 * @param number of the thread, as in {@code /proc/self/task}
 */
public record OsThread(int number) {

    private static final int STAT_BYTES = 256;

    /** The calling thread; empty: threads have no numbers here that we know of. */
    public static Optional<OsThread> current() {
        return LinuxThreads.supported()
                ? Optional.of(new OsThread(LinuxThreads.currentNumber()))
                : Optional.empty();
    }

    /**
     * Has the waits of the calling thread end when they are due, instead of up to 50 us later.
     *
     * @return whether the operating system does so
     */
    public static boolean waitPrecisely() {
        return LinuxThreads.supported() && LinuxThreads.timerSlack(1);
    }

    /**
     * Whether it waits for something other than a processor. Some 10 us.
     *
     * @return false also if that is not known, or the thread has ended
     */
    public boolean sleeps() {
        byte[] text = new byte[STAT_BYTES];
        int length;
        try (RandomAccessFile stat =
                new RandomAccessFile("/proc/self/task/" + number + "/stat", "r")) {
            length = stat.read(text);
        } catch (IOException ended) {
            return false;
        }
        String line = new String(text, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
        // The name stands in brackets and may hold any character; the state follows.
        int name = line.lastIndexOf(')');
        if (name < 0 || name + 2 >= line.length()) {
            return false;
        }
        char state = line.charAt(name + 2);
        return state == 'S' || state == 'D';
    }
}
