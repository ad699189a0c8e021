// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ScheduleAnalysis;
import org.spicetime.runtime.api.task.Task;

/** What a domain can guarantee. */
final class AnalysisFields {
    private static final double NANOS_PER_MILLI = 1e6;

    private AnalysisFields() {}

    /** A response time with its task. Immutable. */
    private record Shown(Task task, ScheduleAnalysis.ResponseTime time) {}

    static List<Fields<?>> all(Services services) {
        return List.of(analysis(services), responseTime());
    }

    /** The field {@code analysis} of a domain. */
    static CompletableFuture<@Nullable Object> of(DomainView view, Call call) {
        return call.scope().settled(view.domain().analysis());
    }

    private static Fields<ScheduleAnalysis> analysis(Services services) {
        return Fields.of("ScheduleAnalysis", ScheduleAnalysis.class)
                .leaf("schedulable", ScheduleAnalysis::schedulable)
                .leaf("utilization", ScheduleAnalysis::utilization)
                .leaf("bound", ScheduleAnalysis::bound)
                .objects(
                        "responseTimes",
                        (analysis, call) ->
                                analysis.responseTimes().stream()
                                        .map(time -> shown(services, time))
                                        .flatMap(Optional::stream)
                                        .toList());
    }

    private static Optional<Shown> shown(Services services, ScheduleAnalysis.ResponseTime time) {
        return time.task() == null
                ? Optional.empty()
                : services.domains().findTask(time.task()).map(task -> new Shown(task, time));
    }

    private static Fields<Shown> responseTime() {
        return Fields.of("TaskResponseTime", Shown.class)
                .part("task", Shown::task)
                .leaf("worstCase", shown -> millis(shown.time().worstCase()))
                .leaf("meetsDeadline", shown -> shown.time().meetsDeadline());
    }

    private static @Nullable Double millis(@Nullable Duration span) {
        return span == null ? null : span.getSeconds() * 1000.0 + span.getNano() / NANOS_PER_MILLI;
    }
}
