// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.store.TaskPlace;
import org.spicetime.runtime.api.store.TaskRange;
import org.spicetime.runtime.api.store.TaskSlice;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.Durability;
import org.spicetime.runtime.api.task.TaskFilter;
import org.spicetime.runtime.api.task.TaskOrder;
import org.spicetime.runtime.api.task.TaskPage;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.api.task.TaskStatus;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.Now;
import org.spicetime.runtime.kernel.task.TaskEntry;
import org.spicetime.runtime.kernel.task.TaskMatch;

/**
 * Changes of many tasks. The tasks are found first and then changed in short sections, so that a
 * large change does not hold up dispatching; a task that was changed by somebody else meanwhile is
 * left alone. Thread-safe.
 */
final class BulkChanges {

    private static final int PER_SECTION = 128;

    private static final List<TaskPhase> ENDED =
            Arrays.stream(TaskPhase.values()).filter(TaskPhase::isFinal).toList();
    private static final List<TaskPhase> FAILED =
            ENDED.stream().filter(phase -> phase.status() == TaskStatus.FAILED).toList();

    private final DomainBody body;
    private final ReturningTasks returning;

    BulkChanges(DomainBody body, ReturningTasks returning) {
        this.body = body;
        this.returning = returning;
    }

    /** What is done to one task. */
    private interface Change {
        void make(DomainKernel kernel, TaskId task, Now now);
    }

    /**
     * Cancels.
     *
     * @param parked tasks that match and are in the store alone; they are counted, not changed
     */
    CompletionStage<BulkResult> cancel(
            ChangedBy who, TaskFilter filter, @Nullable String reason, int parked, boolean dryRun) {
        return change(
                who,
                filter,
                entry -> !entry.isFinal(),
                List.of(),
                parked,
                dryRun,
                (kernel, task, now) -> kernel.cancel(task, reason, now));
    }

    CompletionStage<BulkResult> retry(
            ChangedBy who, TaskFilter filter, boolean cascade, boolean dryRun) {
        return change(
                who,
                filter,
                entry -> entry.phase().status() == TaskStatus.FAILED,
                FAILED,
                0,
                dryRun,
                (kernel, task, now) -> kernel.retry(task, cascade, now));
    }

    CompletionStage<BulkResult> purge(ChangedBy who, TaskFilter filter, boolean dryRun) {
        return change(who, filter, TaskEntry::isFinal, ENDED, 0, dryRun, DomainKernel::purge);
    }

    private CompletionStage<BulkResult> change(
            ChangedBy who,
            TaskFilter filter,
            Predicate<TaskEntry> changeable,
            List<TaskPhase> storedOnes,
            int parked,
            boolean dryRun,
            Change change) {
        if (!TaskMatch.hasCondition(filter)) {
            throw RefusedException.badInput(
                    "filter",
                    "names no condition and would change every task; name at least one condition");
        }
        Predicate<TaskEntry> wanted = changeable.and(new TaskMatch(filter));
        int most = Math.min(filter.limit().orElse(Integer.MAX_VALUE), BulkResult.MAX_CHANGED);
        List<TaskId> found = new ArrayList<>();
        int[] matched = new int[1];
        body.tasks.run((kernel, now) ->
                kernel.forEach(entry -> {
                    if (!isStored(entry) && wanted.test(entry)) {
                        matched[0]++;
                        if (found.size() < most) {
                            found.add(entry.taskId());
                        }
                    }
                }));
        matched[0] += parked + findStored(filter, storedOnes, most, found);
        if (dryRun) {
            return CompletableFuture.completedFuture(new BulkResult(matched[0], 0, matched[0] > 0));
        }
        BulkResult all = new BulkResult(matched[0], 0, matched[0] > found.size());
        CompletableFuture<Boolean> known = known(found).toCompletableFuture();
        return known.isDone()
                ? change(who, found, wanted, change, all)
                : known.handle((done, failure) -> all)
                        .thenCompose(result -> change(who, found, wanted, change, result));
    }

    /* The store shows an end before memory does; completes when memory shows it too. */
    private CompletionStage<Boolean> known(List<TaskId> found) {
        return body.tasks.with(kernel ->
                found.stream().anyMatch(task -> isEnding(kernel, task))
                        ? body.journal.answer(() -> true)
                        : CompletableFuture.completedFuture(true));
    }

    private static boolean isEnding(DomainKernel kernel, TaskId task) {
        return kernel.entry(task).filter(TaskEntry::isEnding).isPresent();
    }

    private CompletionStage<BulkResult> change(
            ChangedBy who,
            List<TaskId> found,
            Predicate<TaskEntry> wanted,
            Change change,
            BulkResult all) {
        int changed = 0;
        CompletionStage<Integer> last = CompletableFuture.completedFuture(0);
        for (int i = 0; i < found.size(); i += PER_SECTION) {
            List<TaskId> section = found.subList(i, Math.min(i + PER_SECTION, found.size()));
            int[] done = new int[1];
            returning.bringBack(section);
            // Sections are stored in order, so the last one to hold is the last one made.
            last = section(who, section, wanted, change, changed == 0, done);
            changed += done[0] < 0 ? -done[0] - 1 : done[0];
            if (done[0] < 0) {
                return told(last, new BulkResult(all.matched(), changed, true));
            }
        }
        return told(last, new BulkResult(all.matched(), changed, all.more()));
    }

    /* Finished durable ones are found in the store, whether they are in memory as well or not. */
    private boolean isStored(TaskEntry entry) {
        return body.node.durable() && entry.isFinal() && entry.durability() == Durability.DURABLE;
    }

    private int findStored(
            TaskFilter filter, List<TaskPhase> phases, int most, List<TaskId> found) {
        List<TaskPhase> wanted =
                phases.stream()
                        .filter(phase -> filter.phase().isEmpty() || filter.phase().contains(phase))
                        .toList();
        if (!body.node.durable() || wanted.isEmpty()) {
            return 0;
        }
        TaskFilter stored = filter.withPhase(wanted);
        TaskStore store = body.node.store();
        OptionalLong count = StoreReads.ask(() -> store.count(body.id(), stored));
        int before = found.size();
        TaskPlace last = null;
        boolean more = count.isEmpty() || count.getAsLong() > 0;
        while (more && found.size() < most) {
            TaskRange range =
                    new TaskRange(
                            stored,
                            TaskOrder.CREATED_AT,
                            false,
                            last,
                            null,
                            false,
                            Math.min(TaskRange.MAX_LIMIT, most - found.size()));
            TaskSlice slice = StoreReads.ask(() -> store.query(body.id(), range));
            slice.items().forEach(record -> found.add(record.task().id()));
            more = slice.more() && !slice.items().isEmpty();
            if (more) {
                last = TaskPlace.of(slice.items().getLast().task(), TaskOrder.CREATED_AT, false);
            }
        }
        // What is not counted is told as one more than is.
        return (int) count.orElse(Math.max(TaskPage.MAX_COUNT + 1L, found.size() - before));
    }

    private static CompletionStage<BulkResult> told(
            CompletionStage<Integer> stored, BulkResult result) {
        return stored.thenApply(done -> result);
    }

    /*
     * Tasks that were changed are told at once; the negative of one more: there was no room for the
     * next.
     */
    private CompletionStage<Integer> section(
            ChangedBy who,
            List<TaskId> section,
            Predicate<TaskEntry> wanted,
            Change change,
            boolean first,
            int[] changed) {
        return body.tasks.changeAll(
                who,
                (kernel, now) -> {
                    int done = 0;
                    for (TaskId task : section) {
                        if (kernel.entry(task).filter(wanted).isEmpty()) {
                            continue;
                        }
                        try {
                            change.make(kernel, task, now);
                            done++;
                        } catch (RefusedException full) {
                            if (full.code() != RuntimeErrorCode.RESOURCE_EXHAUSTED
                                    || first && done == 0) {
                                throw full;
                            }
                            changed[0] = -done - 1;
                            return done;
                        }
                    }
                    changed[0] = done;
                    return done;
                });
    }
}
