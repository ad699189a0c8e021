// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.StoredSamples;

/**
 * Measurements of one domain over time, in bounded memory: a sample per second of the last hour,
 * and behind it one per ten seconds of the last day. Thread-safe; a reader holds the lock only
 * while it copies.
 */
public final class MetricsHistory implements AutoCloseable {
    /** Most samples of one answer. */
    public static final int MOST = 5000;

    private static final int FINE = 3600;
    private static final int COARSE = 8640;
    private static final long COARSE_MILLIS = 10_000;

    /** Time between two samples of the newest part. */
    public static final Duration FINE_STEP = Duration.ofSeconds(1);

    /** Time between two samples of the whole. */
    public static final Duration COARSE_STEP = Duration.ofMillis(COARSE_MILLIS);

    /** In seconds; far beyond what is measured, and in milliseconds far from an overflow. */
    private static final long LATEST = 1L << 40;

    private final SampleRing fine;
    private final SampleRing coarse;
    private final KeptSamples keptFine;
    private final KeptSamples keptCoarse;
    private final Merge pending = new Merge();
    private long pendingStep;
    private long newestMillis = Long.MIN_VALUE;
    private boolean closed;

    /**
     * @param budget shared with the other domains of the host
     */
    public MetricsHistory(DomainId domain, HistoryBudget budget) {
        fine = new SampleRing(domain, FINE, budget);
        coarse = new SampleRing(domain, COARSE, budget);
        keptFine = new KeptSamples(domain, fine, FINE_STEP, FINE_STEP.multipliedBy(FINE));
        keptCoarse = new KeptSamples(domain, coarse, COARSE_STEP, COARSE_STEP.multipliedBy(COARSE));
    }

    /**
     * Keeps a sample, the newest so far; one that is not newer (the clock went back) is left out.
     */
    public synchronized void add(MetricsSample sample) {
        long millis = sample.timestamp().toEpochMilli();
        if (closed || newestMillis >= millis) {
            return;
        }
        newestMillis = millis;
        long step = Math.floorDiv(millis, COARSE_MILLIS);
        if (step != pendingStep) {
            pending.take(coarse::add);
            pendingStep = step;
        }
        pending.add(sample);
        fine.add(sample);
    }

    /**
     * Goes on from what an earlier run kept. Before the first sample.
     *
     * @param fineBlocks of {@link #FINE_STEP}, oldest first
     * @param coarseBlocks of {@link #COARSE_STEP}, oldest first
     * @param now what lies behind it is left out
     */
    public synchronized void restore(
            List<StoredSamples> fineBlocks, List<StoredSamples> coarseBlocks, Instant now) {
        if (!closed && newestMillis == Long.MIN_VALUE) {
            newestMillis = keptFine.restore(fineBlocks, now);
            keptCoarse.restore(coarseBlocks, now);
        }
    }

    /**
     * What is to be kept since this was last asked.
     *
     * @param last whether the block that has begun is wanted as well
     */
    public synchronized List<StoredSamples> blocks(boolean last) {
        List<StoredSamples> blocks = new ArrayList<>();
        if (!closed) {
            if (last) {
                pending.take(coarse::add);
            }
            keptFine.take(newestMillis, last, blocks);
            keptCoarse.take(newestMillis, last, blocks);
        }
        return blocks;
    }

    /**
     * The samples between two instants, oldest first.
     *
     * @param from first instant
     * @param to last instant
     * @param resolution of a sample, a second or more
     * @throws RefusedException BAD_USER_INPUT if the span is negative, the resolution too fine, or
     *     more than {@link #MOST} samples could come out
     */
    public List<MetricsSample> between(Instant from, Instant to, Duration resolution) {
        long first = millis(from);
        long before = millis(to) + 1;
        long step =
                Math.clamp(resolution.toSeconds(), 0, LATEST) * 1000 + resolution.toMillisPart();
        check(from, to, before - 1 - first, step);
        List<MetricsSample> found = new ArrayList<>();
        Merge merge = new Merge();
        long[] at = {Long.MIN_VALUE};
        synchronized (this) {
            long fineFrom = Math.min(fine.oldestMillis(), before);
            coarse.between(
                    first, fineFrom, sample -> collect(sample, first, step, merge, at, found));
            fine.between(
                    Math.max(first, fineFrom),
                    before,
                    sample -> collect(sample, first, step, merge, at, found));
        }
        merge.take(found::add);
        return found;
    }

    /* Nothing was measured before this, nor will be after that. */
    private static long millis(Instant instant) {
        return Math.clamp(instant.getEpochSecond(), 0, LATEST) * 1000
                + instant.getNano() / 1_000_000;
    }

    private static void collect(
            MetricsSample sample,
            long first,
            long step,
            Merge merge,
            long[] at,
            List<MetricsSample> found) {
        long bucket = (sample.timestamp().toEpochMilli() - first) / step;
        if (bucket != at[0]) {
            merge.take(found::add);
            at[0] = bucket;
        }
        merge.add(sample);
    }

    private static void check(Instant from, Instant to, long span, long step) {
        if (to.isBefore(from)) {
            throw RefusedException.outOfRange("to", to, "an instant not before from, " + from);
        }
        if (step < 1000) {
            throw RefusedException.outOfRange("resolution", step, "1000 milliseconds or more");
        }
        if (span / step >= MOST) {
            throw RefusedException.outOfRange(
                    "resolution",
                    step,
                    "at least "
                            + (span / MOST + 1)
                            + " milliseconds for this span: at most "
                            + MOST
                            + " points are answered");
        }
    }

    /** Gives the memory back; the domain is gone. */
    @Override
    public synchronized void close() {
        closed = true;
        fine.close();
        coarse.close();
    }
}
