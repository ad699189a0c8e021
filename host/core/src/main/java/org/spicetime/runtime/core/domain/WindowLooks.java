// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.kernel.task.DomainKernel;

/**
 * Those who look at memory and read the store for a while. What is read may be older than what
 * memory has become, so it is remembered for them which tasks came into memory and left it
 * meanwhile. Guarded by the domain's guard.
 */
final class WindowLooks {

    private final Set<Look> open = new HashSet<>();

    /** What came and went since a moment. */
    static final class Look {

        private final Map<TaskId, Boolean> inMemoryAtFirst = new HashMap<>();
        private final Set<TaskId> over = new HashSet<>();

        private Look() {}

        /** Whether a task left memory for good, so that what is read of it is old. */
        boolean isOver(TaskId task) {
            return over.contains(task);
        }

        /** Which of some tasks that the store has as ready were parked when the look began. */
        Set<TaskId> parked(DomainKernel kernel, List<TaskId> ready) {
            return ready.stream()
                    .filter(task -> {
                        Boolean inMemory = inMemoryAtFirst.get(task);
                        return inMemory == null ? !kernel.knows(task) : !inMemory;
                    })
                    .collect(Collectors.toSet());
        }

        /** Whether a task that was parked at first may have been read as what it became. */
        boolean isDisturbed(DomainKernel kernel) {
            return inMemoryAtFirst.entrySet().stream()
                    .anyMatch(task ->
                            !task.getValue()
                                    && kernel.entry(task.getKey())
                                            .filter(entry -> entry.phase() == TaskPhase.READY)
                                            .isEmpty());
        }
    }

    Look begin() {
        Look look = new Look();
        open.add(look);
        return look;
    }

    void end(Look look) {
        open.remove(look);
    }

    /** A task that has ended is not in memory any more. */
    void left(TaskId task) {
        for (Look look : open) {
            look.inMemoryAtFirst.putIfAbsent(task, true);
            look.over.add(task);
        }
    }

    /** A task is left to the store alone. */
    void parked(TaskId task) {
        for (Look look : open) {
            look.inMemoryAtFirst.putIfAbsent(task, true);
        }
    }

    /** A task that was parked is in memory. */
    void takenUp(TaskId task) {
        for (Look look : open) {
            look.inMemoryAtFirst.putIfAbsent(task, false);
        }
    }
}
