// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.Watch;
import org.spicetime.runtime.api.domain.AlertSeverity;
import org.spicetime.runtime.api.domain.ResourceAlert;
import org.spicetime.runtime.api.domain.ResourceKind;
import org.spicetime.runtime.api.domain.ResourceUsage;
import org.spicetime.runtime.api.domain.StorageMetrics;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.network.NetworkMetrics;
import org.spicetime.runtime.core.watches.Channel;

/**
 * Who wants to know when a resource crosses a threshold. An alert is raised above the threshold and
 * cleared when the use has fallen clearly below it, so that a use close to the threshold does not
 * chatter. Thread-safe; {@link #sample} is called by the sampler thread alone.
 */
final class ResourceWatches {

    private static final double HYSTERESIS = 0.05;
    private static final double CRITICAL = 0.95;

    private final DomainId domain;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    ResourceWatches(DomainId domain) {
        this.domain = domain;
    }

    /** One watch, and which resources it has alerted of. */
    private static final class Subscription {
        final double threshold;
        final Channel<ResourceAlert> channel;
        final Map<ResourceKind, Boolean> raised = new EnumMap<>(ResourceKind.class);

        Subscription(double threshold, Channel<ResourceAlert> channel) {
            this.threshold = threshold;
            this.channel = channel;
        }
    }

    Watch add(double threshold, Channel<ResourceAlert> channel) {
        if (!(threshold > 0.0 && threshold <= 1.0)) {
            boolean percent = threshold > 1.0 && threshold <= 100.0;
            throw RefusedException.outOfRange(
                    "threshold",
                    threshold,
                    "a ratio above 0.0 and at most 1.0"
                            + (percent
                                    ? " (" + threshold / 100 + " for " + threshold + " %)"
                                    : ""));
        }
        Subscription subscription = new Subscription(threshold, channel);
        subscriptions.add(subscription);
        return () -> {
            channel.close();
            subscriptions.remove(subscription);
        };
    }

    void close() {
        subscriptions.forEach(subscription -> subscription.channel.close());
        subscriptions.clear();
    }

    /** Compares a measurement with all thresholds. */
    void sample(ResourceUsage usage, int mostConnections, Instant at) {
        if (subscriptions.isEmpty()) {
            return;
        }
        Map<ResourceKind, Double> ratios = ratios(usage, mostConnections);
        for (Subscription subscription : subscriptions) {
            ratios.forEach((kind, ratio) -> compare(subscription, kind, ratio, at));
        }
    }

    /** The domain uses nothing any more: what was raised is cleared. */
    void stopped(Instant at) {
        for (Subscription subscription : subscriptions) {
            subscription.raised.forEach((kind, raised) -> {
                if (raised) {
                    subscription.raised.put(kind, false);
                    subscription.channel.offer(
                            alert(subscription.threshold, kind, AlertSeverity.INFO, 0, true, at));
                }
            });
        }
    }

    private static Map<ResourceKind, Double> ratios(ResourceUsage usage, int mostConnections) {
        Map<ResourceKind, Double> ratios = new EnumMap<>(ResourceKind.class);
        usage.cpu().utilization().ifPresent(ratio -> ratios.put(ResourceKind.CPU, ratio));
        if (usage.memory().total() > 0) {
            ratios.put(
                    ResourceKind.MEMORY, (double) usage.memory().used() / usage.memory().total());
        }
        NetworkMetrics network = usage.network();
        double connections = (double) network.connections() / mostConnections;
        double bandwidth =
                network.bandwidthLimit().isPresent()
                        ? network.throughputBytesPerSecond()
                                / network.bandwidthLimit().getAsDouble()
                        : 0;
        ratios.put(ResourceKind.NETWORK, Math.min(1, Math.max(connections, bandwidth)));
        StorageMetrics storage = usage.storage();
        if (storage.totalBytes().isPresent() && storage.usedBytes().isPresent()) {
            ratios.put(
                    ResourceKind.STORAGE,
                    (double) storage.usedBytes().getAsLong() / storage.totalBytes().getAsLong());
        }
        return ratios;
    }

    private void compare(Subscription to, ResourceKind kind, double ratio, Instant at) {
        boolean raised = to.raised.getOrDefault(kind, false);
        if (!raised && ratio > to.threshold) {
            to.raised.put(kind, true);
            AlertSeverity severity =
                    ratio > CRITICAL ? AlertSeverity.CRITICAL : AlertSeverity.WARNING;
            to.channel.offer(alert(to.threshold, kind, severity, ratio, false, at));
        } else if (raised && ratio < to.threshold - Math.min(HYSTERESIS, to.threshold / 2)) {
            to.raised.put(kind, false);
            to.channel.offer(alert(to.threshold, kind, AlertSeverity.INFO, ratio, true, at));
        }
    }

    private ResourceAlert alert(
            double threshold,
            ResourceKind kind,
            AlertSeverity severity,
            double ratio,
            boolean cleared,
            Instant at) {
        String message =
                String.format(
                        Locale.ROOT,
                        "domain \"%s\": %s use is %.1f %%, %s %.1f %%",
                        domain,
                        kind,
                        ratio * 100,
                        cleared ? "back below" : "above",
                        threshold * 100);
        return new ResourceAlert(
                UUID.randomUUID(), domain, kind, severity, threshold, ratio, cleared, message, at);
    }
}
