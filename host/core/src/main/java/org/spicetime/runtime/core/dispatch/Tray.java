// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.core.lane.Outbox;

/**
 * What a worker has before it of light tasks: those it is to run, and those it ran and has not
 * accounted for. Filled under the guard; the rest is of the worker, if it says nothing else.
 */
final class Tray {

    /** Tasks taken from the queue at a time under a strict policy, at most. */
    static final int STRICT_BATCH = 16;

    private static final int SAMPLES = 32;

    /* Others take from it too. */
    Outbox<LightWork> outbox = new Outbox<>(STRICT_BATCH);

    /* Done, in their order. */
    @Nullable LightWork[] done = new LightWork[STRICT_BATCH];
    int doneCount;

    /* Taken from the outbox, and not run. */
    @Nullable LightWork carried;

    /* Some of those done: when they began, and how long they waited, took in all and ran; ns. */
    final @Nullable LightWork[] sampled = new LightWork[SAMPLES];
    final long[] begins = new long[SAMPLES];
    final long[] waits = new long[SAMPLES];
    final long[] totals = new long[SAMPLES];
    final long[] lengths = new long[SAMPLES];
    int samples;

    /* When the clock of the processor was read last, and what it showed. */
    long wallMark;
    long cpuMark;
    long ioMark;

    /** What the lane saw its worker at when it looked last. Under the guard. */
    @Nullable LightWork seen;

    /** Has room for so many. Under the guard, by the worker, while the outbox is empty. */
    void fit(int batch) {
        int capacity = Integer.highestOneBit(Math.max(1, batch - 1)) << 1;
        if (capacity > outbox.capacity()) {
            outbox = new Outbox<>(capacity);
        }
    }

    void done(LightWork work) {
        if (doneCount == done.length) {
            done = Arrays.copyOf(done, doneCount << 1);
        }
        done[doneCount++] = work;
    }

    void sample(LightWork work, long began, long ended) {
        if (samples < SAMPLES) {
            long submitted = work.releasedAt();
            sampled[samples] = work;
            begins[samples] = began;
            waits[samples] = began - submitted;
            totals[samples] = ended - submitted;
            lengths[samples] = ended - began;
            samples++;
        }
    }

    /** All that was done is accounted for. */
    void clear() {
        Arrays.fill(done, 0, doneCount, null);
        doneCount = 0;
        Arrays.fill(sampled, 0, samples, null);
        samples = 0;
        carried = null;
        outbox.forget();
    }
}
