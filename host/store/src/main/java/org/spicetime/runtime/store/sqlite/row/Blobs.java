// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.row;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.MeasurementAccuracy;
import org.spicetime.runtime.api.task.TaskLogLine;
import org.spicetime.runtime.api.task.TaskMetrics;

/** Measurements, transitions and log lines in few bytes. Thread-safe. */
public final class Blobs {

    private static final String HOST = "host";
    private static final int STARTED = 1;
    private static final int FINISHED = 2;
    private static final int DURATION = 4;
    private static final int OPERATIONS = 8;
    private static final int HEAP = 16;

    private static final TaskMetrics NOTHING =
            new TaskMetrics(
                    null,
                    null,
                    null,
                    Duration.ZERO,
                    0,
                    MeasurementAccuracy.EXACT,
                    0,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    0);

    private Blobs() {}

    /**
     * Measurements.
     *
     * @param metrics of a task
     * @return the bytes; null: nothing was measured
     */
    public static byte @Nullable [] metrics(TaskMetrics metrics) {
        if (metrics.equals(NOTHING)) {
            return null;
        }
        Instant started = metrics.startedAt();
        Instant finished = metrics.finishedAt();
        Duration duration = metrics.duration();
        int present =
                (started == null ? 0 : STARTED)
                        | (finished == null ? 0 : FINISHED)
                        | (duration == null ? 0 : DURATION)
                        | (metrics.ioOperations().isEmpty() ? 0 : OPERATIONS)
                        | (metrics.heapAllocatedBytes().isEmpty() ? 0 : HEAP);
        Packed.Out out = new Packed.Out().number(present);
        if (started != null) {
            out.number(Micros.of(started));
        }
        if (finished != null) {
            out.number(Micros.of(finished));
        }
        if (duration != null) {
            out.number(duration.toNanos());
        }
        out.number(metrics.waitTime().toNanos())
                .number(metrics.cpuNanos())
                .number(Codes.ACCURACY.of(metrics.cpuAccuracy()))
                .number(metrics.poolPeakBytes())
                .number(metrics.preemptions());
        metrics.ioOperations().ifPresent(out::number);
        metrics.heapAllocatedBytes().ifPresent(out::number);
        return out.bytes();
    }

    /**
     * Measurements.
     *
     * @param bytes what is stored; null: nothing was measured
     * @return of a task
     */
    public static TaskMetrics metrics(byte @Nullable [] bytes) {
        if (bytes == null) {
            return NOTHING;
        }
        Packed.In in = new Packed.In(bytes);
        int present = in.small();
        Instant started = (present & STARTED) == 0 ? null : Micros.instant(in.number());
        Instant finished = (present & FINISHED) == 0 ? null : Micros.instant(in.number());
        Duration duration = (present & DURATION) == 0 ? null : Duration.ofNanos(in.number());
        Duration waited = Duration.ofNanos(in.number());
        long cpu = in.number();
        MeasurementAccuracy accuracy = Codes.ACCURACY.word(in.small());
        long peak = in.number();
        int preemptions = in.small();
        return new TaskMetrics(
                started,
                finished,
                duration,
                waited,
                cpu,
                accuracy,
                peak,
                (present & OPERATIONS) == 0 ? OptionalLong.empty() : OptionalLong.of(in.number()),
                (present & HEAP) == 0 ? OptionalLong.empty() : OptionalLong.of(in.number()),
                preemptions);
    }

    /**
     * How a task came where it is.
     *
     * @param transitions in order
     * @return the bytes; null: none
     */
    public static byte @Nullable [] transitions(List<Transition> transitions) {
        if (transitions.isEmpty()) {
            return null;
        }
        Packed.Out out = new Packed.Out().number(transitions.size());
        long before = 0;
        for (Transition step : transitions) {
            long at = Micros.of(step.at());
            out.number(at - before)
                    .number(Codes.PHASE.of(step.to()))
                    .text(step.by().equals(HOST) ? "" : step.by());
            before = at;
        }
        return out.bytes();
    }

    /**
     * How a task came where it is.
     *
     * @param bytes what is stored; null: none
     * @return in order
     */
    public static List<Transition> transitions(byte @Nullable [] bytes) {
        if (bytes == null) {
            return List.of();
        }
        Packed.In in = new Packed.In(bytes);
        int size = in.small();
        List<Transition> steps = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < size; i++) {
            at += in.number();
            var to = Codes.PHASE.word(in.small());
            String by = in.text();
            steps.add(new Transition(Micros.instant(at), to, by.isEmpty() ? HOST : by));
        }
        return steps;
    }

    /**
     * A block of log lines.
     *
     * @param lines in order
     * @return the bytes
     */
    public static byte[] lines(List<TaskLogLine> lines) {
        Packed.Out out = new Packed.Out().number(lines.size());
        long before = 0;
        for (TaskLogLine line : lines) {
            long at = Micros.of(line.timestamp());
            out.number(at - before).number(Codes.LEVEL.of(line.level())).text(line.message());
            before = at;
        }
        return out.bytes();
    }

    /**
     * A block of log lines.
     *
     * @param bytes what is stored
     * @return in order
     */
    public static List<TaskLogLine> lines(byte[] bytes) {
        Packed.In in = new Packed.In(bytes);
        int size = in.small();
        List<TaskLogLine> lines = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < size; i++) {
            at += in.number();
            var level = Codes.LEVEL.word(in.small());
            lines.add(new TaskLogLine(Micros.instant(at), level, in.text()));
        }
        return lines;
    }
}
