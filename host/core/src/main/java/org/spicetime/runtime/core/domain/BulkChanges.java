// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.task.BulkResult;
import org.spicetime.runtime.api.task.TaskFilter;
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

    private final DomainBody body;

    BulkChanges(DomainBody body) {
        this.body = body;
    }

    /** What is done to one task. */
    private interface Change {
        void make(DomainKernel kernel, TaskId task, Now now);
    }

    BulkResult cancel(ChangedBy who, TaskFilter filter, @Nullable String reason, boolean dryRun) {
        return change(
                who,
                filter,
                entry -> !entry.isFinal(),
                dryRun,
                (kernel, task, now) -> kernel.cancel(task, reason, now));
    }

    BulkResult retry(ChangedBy who, TaskFilter filter, boolean cascade, boolean dryRun) {
        return change(
                who,
                filter,
                entry -> entry.phase().status() == TaskStatus.FAILED,
                dryRun,
                (kernel, task, now) -> kernel.retry(task, cascade, now));
    }

    BulkResult purge(ChangedBy who, TaskFilter filter, boolean dryRun) {
        return change(who, filter, TaskEntry::isFinal, dryRun, DomainKernel::purge);
    }

    private BulkResult change(
            ChangedBy who,
            TaskFilter filter,
            Predicate<TaskEntry> changeable,
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
                    if (wanted.test(entry)) {
                        matched[0]++;
                        if (found.size() < most) {
                            found.add(entry.taskId());
                        }
                    }
                }));
        if (dryRun) {
            return new BulkResult(matched[0], 0, matched[0] > 0);
        }
        int changed = 0;
        for (int i = 0; i < found.size(); i += PER_SECTION) {
            List<TaskId> section = found.subList(i, Math.min(i + PER_SECTION, found.size()));
            int done = section(who, section, wanted, change, changed == 0);
            changed += done < 0 ? -done - 1 : done;
            if (done < 0) {
                return new BulkResult(matched[0], changed, true);
            }
        }
        return new BulkResult(matched[0], changed, matched[0] > found.size());
    }

    /** Tasks that were changed; the negative of one more: there was no room for the next. */
    private int section(
            ChangedBy who,
            List<TaskId> section,
            Predicate<TaskEntry> wanted,
            Change change,
            boolean first) {
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
                            return -done - 1;
                        }
                    }
                    return done;
                });
    }
}
