// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.handlers;

import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.handler.HandlerDescriptor;
import org.spicetime.runtime.api.handler.PayloadField;
import org.spicetime.runtime.api.handler.TaskContext;
import org.spicetime.runtime.api.handler.TaskHandler;
import org.spicetime.runtime.api.memory.CollectionReport;
import org.spicetime.runtime.api.task.TaskType;

/** MAINTENANCE: a collection of the domain's memory pool. Thread-safe. */
@Component(service = TaskHandler.class)
public final class PoolCollectionHandler
        implements TaskHandler<PoolCollectionHandler.Request, PoolCollectionHandler.Result> {

    private static final HandlerDescriptor<Request, Result> DESCRIPTOR =
            new HandlerDescriptor<>(
                    "pool.collect",
                    "1.0.0",
                    "A collection of the domain's memory pool.",
                    Request.class,
                    Result.class,
                    Set.of(TaskType.MAINTENANCE));

    /** How to collect. */
    public record Request(
            @PayloadField(
                            value = "Whether live blocks are moved together as well.",
                            defaultJson = "false")
                    boolean compact) {}

    /** What it brought. */
    public record Result(
            @PayloadField("Bytes that were used before and are free now.") long reclaimedBytes,
            @PayloadField("Bytes moved by compaction.") long movedBytes,
            @PayloadField("Microseconds it took.") double micros,
            @PayloadField("Microseconds of the longest pause.") double longestPauseMicros,
            @PayloadField("Bytes used afterwards.") long usedBytes,
            @PayloadField("Bytes of the pool.") long totalBytes) {}

    @Override
    public HandlerDescriptor<Request, Result> descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Result run(Request request, TaskContext context) {
        CollectionReport report = context.collectPool(request.compact());
        return new Result(
                report.reclaimedBytes(),
                report.movedBytes(),
                report.duration().toNanos() / 1e3,
                report.longestPause().toNanos() / 1e3,
                report.memory().used(),
                report.memory().total());
    }
}
