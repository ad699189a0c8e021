// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.osthreads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ranks threads behind all others of the machine, and back. By SCHED_IDLE of Linux: such a thread
 * gets what nobody else wants. Only where it can be undone: leaving SCHED_IDLE needs CAP_SYS_NICE
 * or a RLIMIT_NICE of 20, which is tried out once, on a thread of its own. Thread-safe.
 */
public final class Demotion {

    private static final Logger LOG = LoggerFactory.getLogger(Demotion.class);

    private Demotion() {}

    private static final class Trial {
        static final boolean PASSED = passed();

        private static boolean passed() {
            boolean[] undone = new boolean[1];
            if (LinuxThreads.supported()) {
                Thread trial = Demotion.trial(undone);
                try {
                    trial.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            if (!undone[0]) {
                LOG.info(
                        "threads cannot be demoted and restored here (Linux with CAP_SYS_NICE or"
                                + " RLIMIT_NICE 20 can); code without polls that ignores a request"
                                + " to give way goes on at full rank beside its spare worker");
            }
            return undone[0];
        }
    }

    // Not of Trial: that class is being initialised while the thread of the trial runs.
    private static Thread trial(boolean[] undone) {
        return Thread.ofPlatform()
                .daemon()
                .name("domain-runtime-demotion-trial")
                .start(() -> thereAndBack(undone));
    }

    private static void thereAndBack(boolean[] undone) {
        int self = LinuxThreads.currentNumber();
        undone[0] =
                LinuxThreads.policy(self, LinuxThreads.SCHED_IDLE)
                        && LinuxThreads.policy(self, LinuxThreads.SCHED_OTHER);
    }

    /** Whether threads can be demoted and restored here. */
    public static boolean available() {
        return Trial.PASSED;
    }

    /**
     * Ranks a thread behind all others; twice is as once.
     *
     * @return whether that was done
     */
    public static boolean demote(OsThread thread) {
        return available() && LinuxThreads.policy(thread.number(), LinuxThreads.SCHED_IDLE);
    }

    /**
     * Gives a thread its ordinary rank again; a thread that has it keeps it.
     *
     * @return whether that was done
     */
    public static boolean restore(OsThread thread) {
        return available() && LinuxThreads.policy(thread.number(), LinuxThreads.SCHED_OTHER);
    }
}
