// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.scheduling;

import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;

/**
 * A plain FIFO that misbehaves in one way, from its n-th call on. Called by one thread at a time.
 */
final class HostilePolicy implements SchedulingPolicy {
    enum Crime {
        NONE,
        THROWS_ON_ENQUEUE,
        THROWS_ON_PICK,
        THROWS_ON_CHARGE,
        THROWS_ON_QUANTUM,
        THROWS_ON_CHANGED,
        THROWS_ON_REMOVE,
        THROWS_ON_SIZE,
        THROWS_ON_NEXT_DECISION,
        OVERFLOWS_THE_STACK,
        RUNS_OUT_OF_MEMORY,
        THROWS_A_HOSTILE_EXCEPTION,
        LOSES_A_TASK,
        LOSES_A_TASK_AND_HIDES_IT,
        PICKS_TWICE,
        PICKS_A_NODE_OF_ITS_OWN,
        PICKS_NOTHING,
        PICKS_NOTHING_AND_NAMES_THE_PAST,
        LIES_ABOUT_SIZE,
        DENIES_WHAT_IT_REMOVES,
        ANSWERS_A_NEGATIVE_QUANTUM
    }

    private final ArrayDeque<PolicyNode> queue = new ArrayDeque<>();
    private final Crime crime;
    private int callsUntilCrime;
    private int hidden;
    private @Nullable PolicyNode last;

    HostilePolicy(Crime crime, int callsUntilCrime) {
        this.crime = crime;
        this.callsUntilCrime = callsUntilCrime;
    }

    private boolean commits(Crime candidate) {
        return crime == candidate && --callsUntilCrime < 0;
    }

    private void throwIf(Crime candidate) {
        if (commits(candidate)) throw new UnsupportedOperationException("as planned");
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        throwIf(Crime.THROWS_ON_ENQUEUE);
        if (commits(Crime.OVERFLOWS_THE_STACK)) recurse(0);
        if (commits(Crime.RUNS_OUT_OF_MEMORY)) node.state = new long[Integer.MAX_VALUE];
        if (commits(Crime.THROWS_A_HOSTILE_EXCEPTION)) throw new HostileException();
        if (commits(Crime.LOSES_A_TASK)) return;
        if (commits(Crime.LOSES_A_TASK_AND_HIDES_IT)) {
            hidden++;
            return;
        }
        queue.add(node);
    }

    @SuppressWarnings("InfiniteRecursion") // that is the crime
    private int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        throwIf(Crime.THROWS_ON_PICK);
        if (commits(Crime.PICKS_NOTHING)
                || commits(Crime.PICKS_NOTHING_AND_NAMES_THE_PAST)
                || commits(Crime.THROWS_ON_NEXT_DECISION)) return null;
        if (last != null && commits(Crime.PICKS_TWICE)) return last;
        if (commits(Crime.PICKS_A_NODE_OF_ITS_OWN)) {
            TaskView task = queue.element().task();
            return new PolicyNode() {
                @Override
                public TaskView task() {
                    return task;
                }
            };
        }
        last = queue.poll();
        return last;
    }

    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        return 0;
    }

    @Override
    public long quantum(PolicyNode node) {
        throwIf(Crime.THROWS_ON_QUANTUM);
        return commits(Crime.ANSWERS_A_NEGATIVE_QUANTUM) ? -1 : 0;
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
        throwIf(Crime.THROWS_ON_CHARGE);
    }

    @Override
    public boolean remove(PolicyNode node) {
        throwIf(Crime.THROWS_ON_REMOVE);
        return queue.remove(node) && !commits(Crime.DENIES_WHAT_IT_REMOVES);
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {
        throwIf(Crime.THROWS_ON_CHANGED);
    }

    @Override
    public long nextDecisionAt(long now) {
        if (crime == Crime.THROWS_ON_NEXT_DECISION) throw new UnsupportedOperationException();
        return crime == Crime.PICKS_NOTHING_AND_NAMES_THE_PAST ? now : Long.MAX_VALUE;
    }

    @Override
    public int size() {
        throwIf(Crime.THROWS_ON_SIZE);
        return queue.size() + hidden + (commits(Crime.LIES_ABOUT_SIZE) ? 1 : 0);
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("crime", crime.name());
    }

    private static final class HostileException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw this;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw this;
        }
    }
}
