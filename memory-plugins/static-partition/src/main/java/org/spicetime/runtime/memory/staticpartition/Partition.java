// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.staticpartition;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.memory.blocks.BlockRows;

/**
 * Which share of each zone is cut into blocks of which size, as configured. Immutable.
 *
 * @param sizes bytes, ascending; multiples of 16
 * @param percents share of each size; together at most 100
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read once
record Partition(long[] sizes, int[] percents) {
    static final long LARGEST_BLOCK = 16 << 20;

    private static final int MOST_SIZES = 16;
    private static final Pattern ENTRY = Pattern.compile("([0-9]{1,9}):([0-9]{1,3})");

    private static final String RANGE =
            "1 to %d entries SIZE:PERCENT, separated by blanks, with different sizes of 16 to %d bytes and at most 100 percent in all"
                    .formatted(MOST_SIZES, LARGEST_BLOCK);

    /**
     * Reads the text of the option.
     *
     * @throws RefusedException BAD_USER_INPUT if it is not of that form
     */
    static Partition of(String text) {
        Map<Long, Integer> percents = new TreeMap<>();
        int all = 0;
        for (String entry : text.strip().split("\\s+", MOST_SIZES + 1)) {
            Matcher matcher = ENTRY.matcher(entry);
            if (!matcher.matches()) {
                throw refused(text, RANGE);
            }
            long size = Long.parseLong(matcher.group(1));
            int percent = Integer.parseInt(matcher.group(2));
            all += percent;
            long rounded = (size + 15) & -BlockRows.UNIT_BYTES;
            if (size < BlockRows.UNIT_BYTES
                    || size > LARGEST_BLOCK
                    || percent == 0
                    || all > 100
                    || percents.put(rounded, percent) != null) {
                throw refused(text, RANGE);
            }
        }
        return new Partition(
                percents.keySet().stream().mapToLong(Long::longValue).toArray(),
                percents.values().stream().mapToInt(Integer::intValue).toArray());
    }

    static RefusedException refused(String text, String range) {
        return RefusedException.outOfRange(
                "memory.parameters." + StaticPartitionFactory.PARTITION, text, range);
    }
}
