// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.log;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.error.RefusedException;

/**
 * The newest log records of the host, kept in memory: at most {@value #MOST_RECORDS}, and at most
 * about {@value #MOST_BYTES} bytes of them. Nothing of them outlives the host; its files keep more.
 * Thread-safe.
 */
@ProviderType
public interface Logs {
    /** Most records that are kept. */
    int MOST_RECORDS = 10_000;

    /** Most bytes of the records that are kept, about. */
    long MOST_BYTES = 8L << 20;

    /**
     * The records that are kept, newest first.
     *
     * @param filter which of them
     * @param first most records wanted, 0 or more
     * @return a snapshot, answered from memory
     * @throws IllegalArgumentException if {@code first} is negative
     */
    List<LogRecord> newest(LogFilter filter, int first);

    /**
     * Tells the records that are written from now on. Those less serious than WARN of the loggers
     * that take part in sending records to clients are not told, as each would cause the next;
     * {@link #newest} has them.
     *
     * @param filter which of them
     * @param listener told of them
     * @return ends the observation when closed
     */
    Watch watch(LogFilter filter, Listener listener);

    /**
     * Sets from which level on the records of a logger, and of those below it that have no level of
     * their own, are written. Holds until the host ends.
     *
     * @param logger its name: parts of letters, digits, "_", "$" and "-" joined by dots, at most
     *     200 characters; empty: the root of all
     * @param level the level; null: that of its parent
     * @return the level that now holds for it
     * @throws RefusedException if the name is not of that form, the root is given no level, the
     *     level of its parent is none of {@link LogLevel}, or too many loggers were named before;
     *     nothing has changed then
     */
    LogLevel setLevel(String logger, @Nullable LogLevel level);

    /** Is told of log records. */
    @FunctionalInterface
    interface Listener {
        /**
         * A record was written. Called by one host thread at a time, in order, without a lock held;
         * must return quickly: the records wait for all listeners together, and the oldest fall out
         * when there are too many.
         *
         * @param record the record
         * @param skipped records since the one told before that fell out untold, whether they met
         *     the conditions or not
         */
        void logged(LogRecord record, long skipped);
    }
}
