// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.spicetime.runtime.api.task.TaskType;

/**
 * A task of a simulation: released once or every period, each release doing the same steps. Times
 * are in units of the simulation. Immutable.
 *
 * @param name for traces; one letter reads best
 * @param type of each release
 * @param priority of each release; larger is more urgent
 * @param release when it is released first, 0 or more
 * @param period time between releases; 0: released once
 * @param deadline of each release, relative to it; 0: none
 * @param estimate run time that is told in advance; 0: none is
 * @param checkpoint it reaches a safe point, where it can give way, after every so many units of
 *     run time; 0: at any instant
 * @param steps what each release does, in this order
 */
public record SimulatedTask(
        String name,
        TaskType type,
        int priority,
        long release,
        long period,
        long deadline,
        long estimate,
        long checkpoint,
        List<Step> steps) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a time is negative, or there is no step
     */
    public SimulatedTask {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        notNegative("release", release);
        notNegative("period", period);
        notNegative("deadline", deadline);
        notNegative("estimate", estimate);
        notNegative("checkpoint", checkpoint);
        steps = List.copyOf(steps);
        if (steps.isEmpty()) throw new IllegalArgumentException("steps must not be empty");
    }

    /** Computes for so long in each period, from time 0 on; its deadline is its period. */
    public static SimulatedTask periodic(String name, long cost, long period) {
        if (period < 1) {
            throw new IllegalArgumentException("period must be 1 or more, was " + period);
        }
        return new SimulatedTask(
                name, TaskType.COMPUTATION, 0, 0, period, period, 0, 0, List.of(Step.run(cost)));
    }

    /** Computes for so long, once, from time 0 on; no deadline. */
    public static SimulatedTask once(String name, long cost) {
        return once(name, Step.run(cost));
    }

    /** Does these steps once, from time 0 on; no deadline. */
    public static SimulatedTask once(String name, Step... steps) {
        return new SimulatedTask(name, TaskType.COMPUTATION, 0, 0, 0, 0, 0, 0, List.of(steps));
    }

    /** The same, released first at this time. */
    public SimulatedTask releasedAt(long time) {
        return new SimulatedTask(
                name, type, priority, time, period, deadline, estimate, checkpoint, steps);
    }

    /** The same with another priority. */
    public SimulatedTask withPriority(int other) {
        return new SimulatedTask(
                name, type, other, release, period, deadline, estimate, checkpoint, steps);
    }

    /** The same with another relative deadline; 0: none. */
    public SimulatedTask withDeadline(long other) {
        return new SimulatedTask(
                name, type, priority, release, period, other, estimate, checkpoint, steps);
    }

    /** The same with another estimate of the run time; 0: none. */
    public SimulatedTask withEstimate(long other) {
        return new SimulatedTask(
                name, type, priority, release, period, deadline, other, checkpoint, steps);
    }

    /** The same with a true estimate. */
    public SimulatedTask withEstimate() {
        return withEstimate(cost());
    }

    /** The same with safe points after every so many units of run time; 0: at any instant. */
    public SimulatedTask withCheckpoint(long every) {
        return new SimulatedTask(
                name, type, priority, release, period, deadline, estimate, every, steps);
    }

    /** The same of another type. */
    public SimulatedTask withType(TaskType other) {
        return new SimulatedTask(
                name, other, priority, release, period, deadline, estimate, checkpoint, steps);
    }

    /** Run time of one release. */
    public long cost() {
        long cost = 0;
        for (Step step : steps) if (step instanceof Step.Run(long span)) cost += span;
        return cost;
    }

    /** Names of the locks that it takes. */
    Set<String> locks() {
        Set<String> locks = new HashSet<>();
        for (Step step : steps) if (step instanceof Step.Lock(String lock)) locks.add(lock);
        return locks;
    }

    private static void notNegative(String what, long value) {
        if (value < 0)
            throw new IllegalArgumentException(what + " must be 0 or more, was " + value);
    }
}
