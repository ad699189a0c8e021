// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.spicetime.runtime.api.store.Transition;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * How a task that has not finished came where it is: of a long life the first {@value #FIRST_KEPT}
 * steps and the newest, {@value #MOST} in all. Empty as long as the first phase lasts. Thread-safe.
 */
final class Steps {

    static final int FIRST_KEPT = 16;
    static final int MOST = 64;

    private Steps() {}

    /** The first step: what the task was admitted as. */
    static List<Transition> first(List<Transition> known, Transition admitted) {
        return known.isEmpty() ? List.of(admitted) : known;
    }

    /** One step more; a delay that was over at once is none. */
    static List<Transition> more(List<Transition> known, Instant at, TaskPhase to, String by) {
        List<Transition> steps = new ArrayList<>(known.size() + 1);
        steps.addAll(known);
        Transition last = steps.isEmpty() ? null : steps.getLast();
        if (last != null && last.to() == TaskPhase.RETRY_WAIT && last.at().equals(at)) {
            steps.removeLast();
        }
        if (steps.size() == MOST) {
            steps.remove(FIRST_KEPT);
        }
        steps.add(new Transition(at, to, by));
        return steps;
    }
}
