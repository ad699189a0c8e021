// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.ArrayList;
import java.util.List;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.DependencyRequest;
import org.spicetime.runtime.api.task.TaskRef;

/**
 * Finds a cycle among the tasks of a batch, the only place where one can arise: a depth-first
 * search without recursion, linear in tasks and dependencies. Called by one thread at a time.
 */
final class CycleCheck {
    private static final int LONGEST_PATH_SHOWN = 20;
    private static final int NEW = 0;
    private static final int DONE = -1;

    private final List<Admission> batch;

    /** Position on the path, from 1; or {@link #NEW}, or {@link #DONE}. */
    private final int[] state;

    private final int[] path;
    private final int[] nextDependency;

    CycleCheck(List<Admission> batch) {
        this.batch = batch;
        this.state = new int[batch.size()];
        this.path = new int[batch.size()];
        this.nextDependency = new int[batch.size()];
    }

    /**
     * @throws RefusedException with the path, if there is a cycle
     */
    void check() {
        for (int start = 0; start < batch.size(); start++) if (state[start] == NEW) search(start);
    }

    private void search(int start) {
        int length = 1;
        path[0] = start;
        state[start] = length;
        while (length > 0) {
            int task = path[length - 1];
            List<DependencyRequest> dependencies = batch.get(task).request().dependencies();
            if (nextDependency[task] == dependencies.size()) {
                state[task] = DONE;
                length--;
                continue;
            }
            if (!(dependencies.get(nextDependency[task]++).task()
                    instanceof TaskRef.InBatch(int on))) continue;
            if (state[on] > NEW) throw cycle(state[on] - 1, length);
            if (state[on] == NEW) {
                path[length++] = on;
                state[on] = length;
            }
        }
    }

    private RefusedException cycle(int from, int length) {
        List<String> names = new ArrayList<>();
        for (int i = from; i < length && names.size() < LONGEST_PATH_SHOWN; i++)
            names.add("#" + path[i]);
        if (length - from > LONGEST_PATH_SHOWN)
            names.add("... " + (length - from - LONGEST_PATH_SHOWN) + " more");
        names.add("#" + path[from]);
        return RefusedException.badInput(
                        "dependencies",
                        "the tasks wait for each other: " + String.join(" -> ", names))
                .with("path", names);
    }
}
