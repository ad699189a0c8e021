// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.allocationstrategy;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Free memory, by offset and by length; neighbours are joined. Called by one thread at a time. */
final class FreeRanges {

    /** A range. Immutable. */
    record Range(long begin, long length) {
        long end() {
            return begin + length;
        }
    }

    private static final Comparator<Range> BY_LENGTH =
            Comparator.comparingLong(Range::length).thenComparingLong(Range::begin);

    private final TreeMap<Long, Range> byOffset = new TreeMap<>();
    private final TreeSet<Range> byLength = new TreeSet<>(BY_LENGTH);
    private long bytes;

    long bytes() {
        return bytes;
    }

    int count() {
        return byOffset.size();
    }

    long largest() {
        return byLength.isEmpty() ? 0 : byLength.last().length();
    }

    /** Takes an aligned piece out of the shortest range that has room for it; -1: none has. */
    long take(long length, long align) {
        for (Range range : byLength.tailSet(new Range(0, length))) {
            long begin = Math.ceilDiv(range.begin(), align) * align;
            if (begin + length <= range.end()) {
                cut(range, begin, begin + length);
                return begin;
            }
        }
        return -1;
    }

    /** Takes exactly this piece; false: it is not free as a whole. */
    boolean take(Range wanted) {
        Map.Entry<Long, Range> below = byOffset.floorEntry(wanted.begin());
        if (below == null || below.getValue().end() < wanted.end()) {
            return false;
        }
        cut(below.getValue(), wanted.begin(), wanted.end());
        return true;
    }

    void give(long offset, long length) {
        long begin = offset;
        long end = offset + length;
        bytes += length;
        Map.Entry<Long, Range> below = byOffset.lowerEntry(offset);
        if (below != null && below.getValue().end() == offset) {
            begin = below.getKey();
            remove(below.getValue());
        }
        Range above = byOffset.get(end);
        if (above != null) {
            end = above.end();
            remove(above);
        }
        add(begin, end);
    }

    private void cut(Range range, long begin, long end) {
        remove(range);
        add(range.begin(), begin);
        add(end, range.end());
        bytes -= end - begin;
    }

    private void add(long begin, long end) {
        if (end > begin) {
            Range range = new Range(begin, end - begin);
            byOffset.put(begin, range);
            byLength.add(range);
        }
    }

    private void remove(@Nullable Range range) {
        if (range != null) {
            byOffset.remove(range.begin());
            byLength.remove(range);
        }
    }
}
