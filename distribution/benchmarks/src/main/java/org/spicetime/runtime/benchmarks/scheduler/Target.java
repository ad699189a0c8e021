// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

/** What runs tasks: ours or a peer. Thread-safe. */
interface Target extends AutoCloseable {
    /** Levels of urgency that producers use in turn. */
    int LEVELS = 64;

    /** Its name in the lines that are printed. */
    String name();

    /**
     * Has a task run.
     *
     * @param task must not block
     * @param level 0 (least urgent) to {@link #LEVELS} − 1; targets without an order ignore it
     */
    void submit(Runnable task, int level);

    @Override
    void close();
}
