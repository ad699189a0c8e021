// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.MetricsSample;

/** The newest samples of one step, at most so many. Guarded by the caller. */
final class SampleRing {
    private final DomainId domain;
    private final int mostBlocks;
    private final HistoryBudget budget;
    private final ArrayDeque<SampleBlock> blocks = new ArrayDeque<>();

    SampleRing(DomainId domain, int samples, HistoryBudget budget) {
        this.domain = domain;
        this.budget = budget;
        // One more, so that the promised number is there while the newest block fills.
        mostBlocks = (samples + SampleBlock.SAMPLES - 1) / SampleBlock.SAMPLES + 1;
    }

    void add(MetricsSample sample) {
        SampleBlock last = blocks.peekLast();
        if (last == null || last.isFull()) {
            last = next();
            blocks.addLast(last);
        }
        last.add(sample);
    }

    private SampleBlock next() {
        if (blocks.isEmpty()) {
            budget.takeAnyway();
            return new SampleBlock();
        }
        if (blocks.size() < mostBlocks && budget.take()) {
            return new SampleBlock();
        }
        SampleBlock oldest = blocks.removeFirst();
        oldest.clear();
        return oldest;
    }

    /** Time of the oldest sample; {@link Long#MAX_VALUE}: there is none. */
    long oldestMillis() {
        SampleBlock first = blocks.peekFirst();
        return first == null || first.count() == 0 ? Long.MAX_VALUE : first.millis(0);
    }

    /** Shows the samples from one time to before another, oldest first. */
    void between(long fromMillis, long beforeMillis, Consumer<MetricsSample> sink) {
        for (SampleBlock block : blocks) {
            for (int at = block.from(fromMillis);
                    at < block.count() && block.millis(at) < beforeMillis;
                    at++) {
                sink.accept(block.get(domain, at));
            }
        }
    }

    void close() {
        budget.give(blocks.size());
        blocks.clear();
    }
}
