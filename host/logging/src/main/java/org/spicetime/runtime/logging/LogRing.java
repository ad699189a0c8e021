// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.logging;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.log.LogFilter;
import org.spicetime.runtime.api.log.LogRecord;

/**
 * The newest records, bounded in number and in bytes. Records are numbered from 0 on, in the order
 * in which they came. Thread-safe.
 */
final class LogRing {
    private static final int OVERHEAD = 160;

    private final long mostBytes;

    /** Each at its number, modulo the length; null where none is kept. */
    @GuardedBy("this")
    private final @Nullable LogRecord[] slots;

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private long oldest;

    @GuardedBy("this")
    private long end;

    LogRing(int mostRecords, long mostBytes) {
        this.mostBytes = mostBytes;
        slots = new LogRecord[mostRecords];
    }

    synchronized void add(LogRecord record) {
        if (end - oldest == slots.length) dropOldest();
        slots[slot(end++)] = record;
        bytes += cost(record);
        while (bytes > mostBytes) dropOldest();
    }

    /** The number of the next record. */
    synchronized long end() {
        return end;
    }

    synchronized long bytes() {
        return bytes;
    }

    List<LogRecord> newest(LogFilter filter, int first) {
        List<LogRecord> kept = from(0, Integer.MAX_VALUE).records();
        List<LogRecord> found = new ArrayList<>();
        for (int i = kept.size() - 1; i >= 0 && found.size() < first; i--) {
            if (filter.matches(kept.get(i))) found.add(kept.get(i));
        }
        return found;
    }

    /** Some records from a number on; from the first that is kept if those before are gone. */
    synchronized Batch from(long number, int most) {
        long first = Math.max(number, oldest);
        long next = Math.min(end, first + most);
        List<LogRecord> batch = new ArrayList<>((int) Math.max(0, next - first));
        for (long i = first; i < next; i++) batch.add(kept(i));
        return new Batch(first, batch);
    }

    @GuardedBy("this")
    private LogRecord kept(long number) {
        return Objects.requireNonNull(slots[slot(number)], "record");
    }

    @GuardedBy("this")
    private void dropOldest() {
        bytes -= cost(kept(oldest));
        slots[slot(oldest++)] = null;
    }

    @GuardedBy("this")
    private int slot(long number) {
        return (int) (number % slots.length);
    }

    /** About the bytes that a record takes; texts are mostly Latin. */
    static long cost(LogRecord record) {
        return (long) OVERHEAD
                + record.logger().length()
                + record.message().length()
                + length(record.event())
                + length(record.bundle())
                + length(record.stackTrace());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /**
     * Records in a row.
     *
     * @param first number of the first of them
     */
    record Batch(long first, List<LogRecord> records) {
        /** The number after the last of them. */
        long next() {
            return first + records.size();
        }
    }
}
