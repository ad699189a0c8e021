// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.poll;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The poll in woven code, and who is to be stopped by it. While nobody is, a poll is one read of a
 * field. Thread-safe.
 */
public final class Poll {
    private static final Set<Thread> CONDEMNED = ConcurrentHashMap.newKeySet();

    private static volatile boolean any;

    private Poll() {}

    /** Does nothing, unless the call that this thread is in was given up. */
    public static void poll() {
        if (any) check();
    }

    private static void check() {
        if (CONDEMNED.contains(Thread.currentThread())) throw new PluginEjected();
    }

    /**
     * From now on polls of this thread throw.
     *
     * @param thread is in a call that is to end
     */
    public static void condemn(Thread thread) {
        synchronized (CONDEMNED) {
            CONDEMNED.add(thread);
            any = true;
        }
    }

    /**
     * Its polls no longer throw.
     *
     * @param thread came back from the call
     */
    public static void pardon(Thread thread) {
        synchronized (CONDEMNED) {
            CONDEMNED.remove(thread);
            any = !CONDEMNED.isEmpty();
        }
    }
}
