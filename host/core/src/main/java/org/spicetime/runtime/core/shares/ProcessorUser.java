// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.shares;

/** A domain, as the one sees it who divides the processors. Called by one thread at a time. */
public interface ProcessorUser {
    /** Processor time of its workers since they began; never less than before. */
    long usedNanos();

    /** Tasks that run or could run now, as far as the domain has slots. Must not wait. */
    int wanted();

    /**
     * At most so many tasks may run from now on; running ones beyond that are to give way. Must not
     * wait.
     *
     * @return whether that was done; else it is told again
     */
    boolean permit(int tasks);
}
