// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.measure;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.store.StoredSamples;

/**
 * What of a ring is kept in the store: a block of {@value #PER_BLOCK} steps at a time, as soon as
 * it is over, and the block that has begun when the domain is left. Guarded by the caller.
 */
final class KeptSamples {

    /** Steps of a block. */
    static final int PER_BLOCK = 60;

    /* The clock may have moved within a step, so there can be some more than steps. */
    private static final int MOST = 16 * PER_BLOCK;

    private static final Logger LOG = LoggerFactory.getLogger(KeptSamples.class);

    private final DomainId domain;
    private final SampleRing ring;
    private final Duration step;
    private final Duration keptFor;
    private final long blockMillis;

    /* Where the first block begins that was not handed out as a whole. */
    private long next = Long.MIN_VALUE;

    KeptSamples(DomainId domain, SampleRing ring, Duration step, Duration keptFor) {
        this.domain = domain;
        this.ring = ring;
        this.step = step;
        this.keptFor = keptFor;
        blockMillis = PER_BLOCK * step.toMillis();
    }

    /**
     * The blocks that were not handed out yet.
     *
     * @param newestMillis time of the newest sample
     * @param begun also the one that is not over
     */
    void take(long newestMillis, boolean begun, List<StoredSamples> sink) {
        long oldest = ring.oldestMillis();
        if (oldest > newestMillis) {
            return;
        }
        long reach = Math.max(oldest, newestMillis - keptFor.toMillis());
        long first = Math.max(next, Math.floorDiv(reach, blockMillis) * blockMillis);
        for (long start = first; start <= newestMillis; start += blockMillis) {
            boolean over = start + blockMillis <= newestMillis;
            if (!over && !begun) {
                break;
            }
            List<MetricsSample> samples = new ArrayList<>();
            ring.between(start, start + blockMillis, samples::add);
            if (!samples.isEmpty()) {
                sink.add(
                        new StoredSamples(
                                step,
                                Instant.ofEpochMilli(start),
                                keptFor,
                                SampleCodec.encode(samples)));
            }
            if (over) {
                next = start + blockMillis;
            }
        }
    }

    /**
     * Fills the empty ring with what was kept.
     *
     * @param blocks oldest first
     * @param now what lies behind it, or too far before it, is left out
     * @return time of the newest sample; {@link Long#MIN_VALUE}: none
     */
    long restore(List<StoredSamples> blocks, Instant now) {
        long from = now.minus(keptFor).toEpochMilli();
        long to = now.toEpochMilli();
        long newest = Long.MIN_VALUE;
        for (StoredSamples block : blocks) {
            try {
                for (MetricsSample sample : SampleCodec.decode(domain, block.bytes(), MOST)) {
                    long millis = sample.timestamp().toEpochMilli();
                    if (millis >= from && millis <= to && millis > newest) {
                        ring.add(sample);
                        newest = millis;
                    }
                }
            } catch (IOException damaged) {
                LOG.warn("domain={} measurements {} are left out", domain, block, damaged);
            }
        }
        if (newest != Long.MIN_VALUE) {
            next = Math.floorDiv(newest, blockMillis) * blockMillis;
        }
        return newest;
    }
}
