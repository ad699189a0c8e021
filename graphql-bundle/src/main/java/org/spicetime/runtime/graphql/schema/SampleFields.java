// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.MetricsSample;
import org.spicetime.runtime.api.error.RefusedException;

/** Measurements over time. */
final class SampleFields {
    private static final Duration STANDARD_SPAN = Duration.ofHours(1);
    private static final int STANDARD_POINTS = 120;

    private SampleFields() {}

    static List<Fields<?>> all() {
        return List.of(
                sample(),
                Fields.of("MetricsFrame", Frame.class)
                        .leaf("timestamp", Frame::timestamp)
                        .leaf("elapsed", Frame::elapsed)
                        .objects("samples", (f, call) -> f.samples()));
    }

    private static Fields<MetricsSample> sample() {
        return Fields.of("MetricsSample", MetricsSample.class)
                .leaf("domainId", s -> s.domain().value())
                .leaf("timestamp", MetricsSample::timestamp)
                .leaf("cpuUsage", s -> Numbers.orNull(s.cpuUsage()))
                .leaf("running", MetricsSample::running)
                .leaf("queueDepth", MetricsSample::queueDepth)
                .leaf("memoryUsed", MetricsSample::memoryUsedBytes)
                .leaf("memoryCached", MetricsSample::memoryCachedBytes)
                .leaf("memorySwapped", MetricsSample::memorySwappedBytes)
                .leaf("memoryStall", s -> Numbers.orNull(s.memoryStall()))
                .leaf("networkThroughput", s -> Numbers.orNull(s.networkBytesPerSecond()))
                .leaf("storageOperations", s -> Numbers.orNull(s.storageOperationsPerSecond()))
                .leaf("taskThroughput", s -> Numbers.orNull(s.tasksPerSecond()))
                .leaf("schedulingLatencyP50", s -> Numbers.orNull(s.schedulingLatencyP50()))
                .leaf("schedulingLatencyP99", s -> Numbers.orNull(s.schedulingLatencyP99()))
                .leaf("schedulingLatencyP999", s -> Numbers.orNull(s.schedulingLatencyP999()))
                .leaf("deadlineMisses", s -> Numbers.narrow(s.deadlineMisses()))
                .leaf("preemptions", s -> Numbers.narrow(s.preemptions()));
    }

    /** The field {@code history} of a domain. */
    static List<MetricsSample> history(DomainView view, Call call) {
        Instant given = (Instant) call.optional("to");
        Instant to = given == null ? Instant.now() : given;
        Instant start = (Instant) call.optional("from");
        Instant from = start == null ? to.minus(STANDARD_SPAN) : start;
        if (from.isAfter(to)) {
            throw RefusedException.badInput("from", "lies after \"to\": " + from + ", " + to);
        }
        Integer step = (Integer) call.optional("resolution");
        return view.domain().samples(from, to, step == null ? fitting(from, to) : positive(step));
    }

    private static Duration positive(int step) {
        if (step < 1) throw RefusedException.outOfRange("resolution", step, "1000 or more");
        return Duration.ofMillis(step);
    }

    private static Duration fitting(Instant from, Instant to) {
        long seconds = Duration.between(from, to).toSeconds() / STANDARD_POINTS;
        return Duration.ofSeconds(Math.max(1, seconds));
    }

    /**
     * Samples of several domains at one instant. Immutable.
     *
     * @param elapsed milliseconds since the frame sent before; null: it is the first
     */
    record Frame(Instant timestamp, @Nullable Integer elapsed, List<MetricsSample> samples) {
        Frame {
            Objects.requireNonNull(timestamp, "timestamp");
            samples = List.copyOf(samples);
        }
    }
}
