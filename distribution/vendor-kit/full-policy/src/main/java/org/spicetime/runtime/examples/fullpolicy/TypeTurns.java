// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.fullpolicy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Change;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.task.TaskType;

/**
 * Lets the types of task take turns, first come first served within a type, so that a flood of one
 * type does not hold up the others. Every operation takes constant time. Called by one thread at a
 * time.
 */
final class TypeTurns implements SchedulingPolicy {

    /* Sets that keep the order of arrival: taking the first and removing any are constant time. */
    private static final class Line {
        final SequencedSet<PolicyNode> all = new LinkedHashSet<>();
        final SequencedSet<PolicyNode> started = new LinkedHashSet<>();
    }

    /* The type that was served longest ago comes first. */
    private final Deque<TaskType> turns = new ArrayDeque<>(List.of(TaskType.values()));
    private final Map<TaskType, Line> lines = new EnumMap<>(TaskType.class);
    private int size;

    private Line lineOf(TaskType type) {
        return lines.computeIfAbsent(type, any -> new Line());
    }

    @Override
    public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
        Line line = lineOf(node.task().type());
        line.all.add(node);
        if (node.task().started()) {
            line.started.add(node);
        }
        size++;
    }

    @Override
    public @Nullable PolicyNode pickNext(int slot, long now, boolean startedOnly) {
        for (TaskType type : turns) {
            Line line = lineOf(type);
            SequencedSet<PolicyNode> waiting = startedOnly ? line.started : line.all;
            if (!waiting.isEmpty()) {
                PolicyNode node = waiting.getFirst();
                remove(node);
                turns.remove(type);
                turns.addLast(type);
                return node;
            }
        }
        return null;
    }

    /** Nobody is more urgent than another one, so nobody preempts. */
    @Override
    public int compare(PolicyNode a, PolicyNode b, long now) {
        return 0;
    }

    @Override
    public long quantum(PolicyNode node) {
        return 0;
    }

    @Override
    public void charge(PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {}

    @Override
    public boolean remove(PolicyNode node) {
        Line line = lineOf(node.task().type());
        if (!line.all.remove(node)) {
            return false;
        }
        line.started.remove(node);
        size--;
        return true;
    }

    @Override
    public void changed(PolicyNode node, Change change, long now) {}

    @Override
    public long nextDecisionAt(long now) {
        return Long.MAX_VALUE;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> waiting = new LinkedHashMap<>();
        for (TaskType type : turns) {
            waiting.put(type.name(), lineOf(type).all.size());
        }
        return Map.of("waitingByNextTurn", waiting);
    }
}
