// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskOrder;

/**
 * A place in an order of tasks: the sort key and the id of a task, which need not exist any more.
 * Whoever merges lists of several sources compares places.
 *
 * <p>Immutable.
 *
 * @param key sort key under the order the place belongs to; instants in microseconds since 1970
 * @param task the task; ties of the key are broken by it
 */
public record TaskPlace(long key, TaskId task) {

    private static final long MICROS = 1_000_000;
    private static final long FARTHEST = Long.MAX_VALUE / MICROS - 1;
    private static final Comparator<TaskPlace> ORDER =
            Comparator.comparingLong(TaskPlace::key).thenComparing(TaskPlace::task);

    /**
     * The place of a task. Under SCHEDULE it is the one of a task that has finished.
     *
     * @param task the task
     * @param order the order
     * @param descending which way it is read
     * @return its place
     */
    public static TaskPlace of(Task task, TaskOrder order, boolean descending) {
        long key =
                switch (order) {
                    case CREATED_AT -> micros(task.createdAt());
                    case SCHEDULE, UPDATED_AT -> micros(task.updatedAt());
                    case PRIORITY -> task.priority();
                    case DEADLINE -> deadline(task.deadline(), descending);
                };
        return new TaskPlace(key, task.id());
    }

    /* Tasks without a deadline come last, whichever the direction. */
    private static long deadline(@Nullable Instant deadline, boolean descending) {
        if (deadline == null) {
            return descending ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return micros(deadline);
    }

    /**
     * An instant as a key.
     *
     * @param instant the instant; what is finer than a microsecond is left out
     * @return microseconds since 1970, instants beyond the range of a long at its ends
     */
    public static long micros(Instant instant) {
        long seconds = Math.clamp(instant.getEpochSecond(), -FARTHEST, FARTHEST);
        return seconds * MICROS + instant.getNano() / 1000;
    }

    /**
     * How places of an order follow each other. SCHEDULE has the task that finished last first.
     *
     * @param order the order
     * @param descending which way it is read
     * @return places that come first are smaller
     */
    public static Comparator<TaskPlace> order(TaskOrder order, boolean descending) {
        return descending == (order == TaskOrder.SCHEDULE) ? ORDER : ORDER.reversed();
    }
}
