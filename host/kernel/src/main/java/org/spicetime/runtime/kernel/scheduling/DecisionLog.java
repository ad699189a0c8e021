// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.ArrayList;
import java.util.List;

/** The last calls into a policy, for the report of its ejection. Guarded by the caller. */
final class DecisionLog {
    private static final int KEPT = 256;
    private static final int MASK = KEPT - 1;

    private final String[] calls = new String[KEPT];
    private final long[] seqs = new long[KEPT];
    private long count;

    void add(String call, long seq) {
        int at = (int) count++ & MASK;
        calls[at] = call;
        seqs[at] = seq;
    }

    void clear() {
        count = 0;
    }

    /** Oldest first, each as the name of the call and the sequence number of its task. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            int at = (int) i & MASK;
            texts.add(calls[at] + " " + seqs[at]);
        }
        return texts;
    }
}
