// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** Who ran when. */
final class TimelineFields {
    private TimelineFields() {}

    static List<Fields<?>> all() {
        return List.of(
                Fields.of("ExecutionSlice", ExecutionSlice.class)
                        .leaf("taskId", s -> s.task().toString())
                        .leaf("worker", ExecutionSlice::worker)
                        .leaf("start", ExecutionSlice::start)
                        .leaf("length", s -> Numbers.micros(s.length()))
                        .leaf("end", s -> endOf(s.end())));
    }

    private static String endOf(@Nullable SliceEnd end) {
        return end == null ? "RUNNING" : end.name();
    }

    /** The field {@code timeline} of a domain. */
    static List<ExecutionSlice> timeline(DomainView view, Call call) {
        return view.domain()
                .timeline(
                        (Instant) call.optional("from"),
                        (Instant) call.optional("to"),
                        call.integer("first"));
    }
}
