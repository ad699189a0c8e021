// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.load;

/** Something that takes jobs which do nothing, and runs them. Thread-safe. */
public interface JobEngine extends AutoCloseable {
    /** A payload of the size that all engines get, 256 bytes when it is stored. */
    String PAYLOAD = "p".repeat(254);

    /**
     * Hands in one job; returns when the engine has acknowledged it.
     *
     * @throws Exception if it was refused
     */
    void enqueue() throws Exception;

    /** Jobs that have ended, as the engine itself counts them. */
    long ended() throws Exception;

    /** Ends the engine and removes what it keeps in memory. */
    @Override
    void close();
}
