// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.QueuePolicy;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.TaskEntry;

/**
 * Who has to be picked under a keyed policy, found the slow way: the least key of all queued tasks,
 * asked for anew from an instance of its own; among equals a preempted task first, then as the
 * queue policy says, one whose slice was over last, then the order of release. Under FAIR only the
 * key is compared. Called by one thread at a time.
 */
final class OrderModel {
    /** Beside a task: its turn among equals. */
    private static final class Turn {
        boolean first;
        boolean last;
        long major;
        long minor;
    }

    private final KeyedPolicy policy;
    private final QueuePolicy ties;
    private final Comparator<TaskEntry> order;
    private long youngest;
    private long expired;

    OrderModel(KeyedPolicy policy, QueuePolicy ties) {
        this.policy = policy;
        this.ties = ties;
        this.order = this::compare;
    }

    void queued(TaskEntry entry, EnqueueReason reason) {
        Turn turn = turn(entry);
        youngest = Math.max(youngest, entry.seq());
        turn.first = reason == EnqueueReason.PREEMPTED;
        turn.last = reason == EnqueueReason.EXPIRED || reason == EnqueueReason.YIELDED;
        if (turn.last) {
            turn.major = youngest;
            turn.minor = ++expired;
        } else if (!turn.first) {
            turn.major = entry.seq();
            turn.minor = 0;
        }
    }

    /** The task to be picked next, this one among the candidates; null: none. */
    @Nullable TaskEntry next(DomainKernel kernel, boolean startedOnly, @Nullable TaskEntry more) {
        TaskEntry[] best = {more};
        kernel.forEach(entry -> {
            if (!entry.queued() || startedOnly && !entry.started()) return;
            TaskEntry least = best[0];
            if (least == null || order.compare(entry, least) < 0) best[0] = entry;
        });
        return best[0];
    }

    /** Whether the two may change places. */
    boolean alike(TaskEntry left, TaskEntry right) {
        return left.equals(right)
                || ties == QueuePolicy.FAIR && policy.key(left) == policy.key(right);
    }

    private int compare(TaskEntry left, TaskEntry right) {
        int byKey = Long.compare(policy.key(left), policy.key(right));
        if (byKey != 0) return byKey;
        Turn leftTurn = turn(left);
        Turn rightTurn = turn(right);
        int byTie = Long.compare(tie(left, leftTurn), tie(right, rightTurn));
        if (byTie != 0) return byTie;
        int byTurn = Long.compare(leftTurn.major, rightTurn.major);
        return byTurn != 0 ? byTurn : Long.compare(leftTurn.minor, rightTurn.minor);
    }

    private long tie(TaskEntry entry, Turn turn) {
        if (turn.first) return Long.MIN_VALUE;
        if (turn.last && ties != QueuePolicy.FIFO) return Long.MAX_VALUE;
        return switch (ties) {
            case FIFO, FAIR -> 0;
            case LIFO -> -entry.seq();
            case PRIORITY -> -entry.priority();
            case DEADLINE -> entry.deadline();
            case SHORTEST_FIRST ->
                    entry.estimatedNanos() == 0 ? Long.MAX_VALUE : entry.estimatedNanos();
        };
    }

    private static Turn turn(TaskEntry entry) {
        if (entry.attachment() instanceof Turn turn) return turn;
        Turn turn = new Turn();
        entry.attach(turn);
        return turn;
    }
}
