// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * A task as it is stored.
 *
 * <p>Immutable.
 *
 * @param task the task; its effective priority is its base priority
 * @param seq order of admission in this store; stays inside the host
 * @param changedSeq number of its last visible change in the domain's sequence
 * @param rank key of the domain's policy when it was last written
 * @param phaseBefore where a SUSPENDED or CANCELLING task comes from; null otherwise
 * @param readyAt when its time or its delay is over, also while it is suspended; null: it waits for
 *     neither
 * @param claim the run that is under way; null unless RUNNING or CANCELLING
 * @param attemptsLeft attempts it still has; not negative
 * @param handlerVersion version of the handler it was admitted for; null: not told
 * @param release what it is a release of; null: it was asked for by itself
 * @param changedBy who changed it last; not blank
 * @param transitions how it came here, at most 64 steps; empty as long as it is in the phase it was
 *     admitted in
 */
public record TaskRecord(
        Task task,
        long seq,
        long changedSeq,
        long rank,
        @Nullable TaskPhase phaseBefore,
        @Nullable Instant readyAt,
        @Nullable Claim claim,
        int attemptsLeft,
        @Nullable String handlerVersion,
        @Nullable Release release,
        String changedBy,
        List<Transition> transitions) {

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException if a running task has no claim or another one has, attempts
     *     are negative, or nobody is named
     */
    public TaskRecord {
        boolean running = task.phase() == TaskPhase.RUNNING || task.phase() == TaskPhase.CANCELLING;
        if (running != (claim != null)) {
            throw new IllegalArgumentException(
                    "task %s: a claim belongs to RUNNING and CANCELLING alone, phase %s has %s"
                            .formatted(task.id(), task.phase(), claim));
        }
        Check.notNegative("attempts left", attemptsLeft);
        Check.notBlank("changed by", changedBy);
        transitions = List.copyOf(transitions);
    }
}
