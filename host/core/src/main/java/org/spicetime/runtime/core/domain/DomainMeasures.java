// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.domain.ResourceAlert;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.hardware.ProcessorSample;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoredSamples;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.core.measure.HistoryBudget;
import org.spicetime.runtime.core.measure.MetricsHistory;
import org.spicetime.runtime.core.watches.Channel;

/**
 * What is measured of a domain, now and over time, and who is told when it is too much.
 * Thread-safe; {@link #take} is called by the sampler thread alone.
 */
final class DomainMeasures {

    private static final Logger LOG = LoggerFactory.getLogger(DomainMeasures.class);

    private final DomainBody body;
    private final DomainGauges gauges;
    private final StepMeter meter;
    private final MetricsHistory history;
    private final ResourceWatches alerts;

    DomainMeasures(DomainBody body, Supplier<ProcessorSample> processor, HistoryBudget histories) {
        this.body = body;
        gauges = new DomainGauges(body, processor);
        meter = new StepMeter(body, gauges);
        history = new MetricsHistory(body.id(), histories);
        restore();
        alerts = new ResourceWatches(body.id());
    }

    private void restore() {
        TaskStore store = body.node.store();
        try {
            history.restore(
                    store.samples(body.id(), MetricsHistory.FINE_STEP),
                    store.samples(body.id(), MetricsHistory.COARSE_STEP),
                    body.node.clock().instants().instant());
        } catch (StoreException unreadable) {
            LOG.warn("domain={} begins without its former measurements", body.id(), unreadable);
        }
    }

    /** Has the store keep what is new; at the end of the host also the last, begun block. */
    void keep(boolean last) {
        List<StoredSamples> blocks = history.blocks(last);
        if (!blocks.isEmpty()) {
            body.node.store().saveSamples(body.id(), blocks);
        }
    }

    DomainGauges gauges() {
        return gauges;
    }

    MetricsSample present() {
        return meter.present();
    }

    List<MetricsSample> between(Instant from, Instant to, Duration resolution) {
        return history.between(from, to, resolution);
    }

    Watch watch(double threshold, Channel<ResourceAlert> channel) {
        return alerts.add(threshold, channel);
    }

    /** Takes a sample, keeps it, and compares it with the thresholds. */
    void take() {
        gauges.sample();
        MetricsSample step = meter.next();
        if (step != null) {
            history.add(step);
            keep(false);
        }
        body.pressure.sample();
        Holdings held = body.holdings();
        Instant at = body.node.clock().instants().instant();
        if (held == null) {
            alerts.stopped(at);
        } else {
            ResourceUsage usage = gauges.resources();
            alerts.sample(usage, held.network().mostConnections(), at);
        }
    }

    /** Keeps nothing and tells nobody any more; the domain is gone. */
    void close() {
        alerts.close();
        history.close();
    }
}
