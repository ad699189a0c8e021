// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.LogLevel;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.log.LogFilter;
import org.spicetime.runtime.api.log.LogRecord;
import org.spicetime.runtime.api.log.Logs;

/**
 * Tells listeners of the records in a ring, on one thread of its own: whoever logs only wakes it.
 * Thread-safe.
 */
final class LogWatches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWatches.class);
    private static final int AT_A_TIME = 256;

    /* They log while a record is sent. */
    private static final List<String> SENDING =
            List.of(
                    "org.spicetime.runtime.graphql",
                    "org.spicetime.runtime.logging",
                    "org.eclipse.jetty",
                    "org.apache.felix.http",
                    "graphql.",
                    "notprivacysafe.graphql.");

    private final LogRing ring;
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    LogWatches(LogRing ring) {
        this.ring = ring;
        thread = new Thread(this::run, "log-watches");
        thread.setDaemon(true);
        thread.start();
    }

    Watch open(LogFilter filter, Logs.Listener listener) {
        Reader reader = new Reader(filter, listener, ring.end());
        readers.add(reader);
        LockSupport.unpark(thread); // a record may have been added before the reader was
        return reader;
    }

    /** A record was added to the ring. */
    void added() {
        if (!readers.isEmpty()) LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        long next = 0;
        while (!closed) {
            LogRing.Batch batch = ring.from(next, AT_A_TIME);
            if (batch.records().isEmpty()) {
                LockSupport.park(this);
                continue;
            }
            long from = next;
            for (Reader reader : readers) reader.tell(from, batch);
            next = batch.next();
        }
    }

    private static boolean isSending(LogRecord record) {
        if (record.level().compareTo(LogLevel.WARN) >= 0) return false;
        for (String logger : SENDING) if (record.logger().startsWith(logger)) return true;
        return false;
    }

    private final class Reader implements Watch {
        private final LogFilter filter;
        private final Logs.Listener listener;
        private final long begin;
        private volatile boolean ended;

        /* Of the thread. */
        private long skipped;

        Reader(LogFilter filter, Logs.Listener listener, long begin) {
            this.filter = filter;
            this.listener = listener;
            this.begin = begin;
        }

        void tell(long from, LogRing.Batch batch) {
            skipped += Math.max(0, batch.first() - Math.max(from, begin));
            long number = batch.first();
            for (LogRecord record : batch.records()) {
                if (ended) return;
                if (number++ >= begin && !isSending(record) && filter.matches(record)) {
                    tell(record);
                }
            }
        }

        private void tell(LogRecord record) {
            long before = skipped;
            skipped = 0;
            try {
                listener.logged(record, before);
            } catch (RuntimeException e) {
                close(); // else the record of this would be the next to be told
                LOG.error("a listener to log records failed and is told no more", e);
            }
        }

        @Override
        public void close() {
            ended = true;
            readers.remove(this);
        }
    }
}
