// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

/**
 * A place in the order of urgency: by rank, then by admission.
 *
 * <p>Immutable.
 *
 * @param rank rank of the last task seen
 * @param seq admission of the last task seen
 */
public record RankCursor(long rank, long seq) implements Comparable<RankCursor> {

    /** Before every task. */
    public static final RankCursor START = new RankCursor(Long.MIN_VALUE, Long.MIN_VALUE);

    /** More urgent places come first. */
    @Override
    public int compareTo(RankCursor other) {
        int byRank = Long.compare(rank, other.rank);
        return byRank != 0 ? byRank : Long.compare(seq, other.seq);
    }
}
