// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.util.ArrayList;
import java.util.List;

/**
 * What a trace went through between its first acknowledgement and its last: a trace without a
 * checkpoint or a pruning says nothing about either. Immutable.
 *
 * @param first the record of the first note
 * @param checkpoints where the log was copied into the file
 * @param restarts how often the log was written anew from its begin, after a checkpoint
 * @param pruned tasks that were pruned
 */
record Landmarks(int first, List<Range> checkpoints, int restarts, long pruned) {

    /**
     * Some records. Immutable.
     *
     * @param from the first write to the file
     * @param to the call that made these writes durable
     */
    record Range(int from, int to) {}

    Landmarks {
        checkpoints = List.copyOf(checkpoints);
    }

    static Landmarks of(List<TraceRecord> trace) {
        int first = 0;
        while (first < trace.size() && !isNote(trace.get(first))) {
            first++;
        }
        int last = trace.size() - 1;
        while (last > first && !isNote(trace.get(last))) {
            last--;
        }
        if (last <= first) {
            throw new AssertionError("nothing was acknowledged");
        }
        List<Range> checkpoints = new ArrayList<>();
        int restarts = 0;
        long pruned = 0;
        int copying = -1;
        for (int i = first; i < last; i++) {
            TraceRecord record = trace.get(i);
            if (isNote(record)) {
                pruned += pruned(record);
            } else if (record.path().equals(StoreUnderTest.FILE)) {
                if (record.is(TraceRecord.Kind.WRITE) && copying < 0) {
                    copying = i;
                } else if (record.is(TraceRecord.Kind.SYNC) && copying >= 0) {
                    checkpoints.add(new Range(copying, i));
                    copying = -1;
                }
            } else if (record.path().equals(StoreUnderTest.LOG)
                    && record.is(TraceRecord.Kind.WRITE)
                    && record.offset() == 0
                    && !checkpoints.isEmpty()) {
                restarts++;
            }
        }
        return new Landmarks(first, checkpoints, restarts, pruned);
    }

    private static boolean isNote(TraceRecord record) {
        return record.path().equals(AckLog.NAME);
    }

    private static long pruned(TraceRecord notes) {
        Acknowledged told = new Acknowledged();
        told.add(notes.data());
        return told.pruned();
    }
}
