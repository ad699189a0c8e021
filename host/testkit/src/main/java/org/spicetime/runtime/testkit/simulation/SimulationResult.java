// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** What was seen in a run. Times are in units of the simulation, rounded down. Immutable. */
public final class SimulationResult {
    private final List<String> names;
    private final List<SimulatedSlice> slices;
    private final List<SimulatedJob> jobs;
    private final long hash;
    private final long switches;
    private final long decisions;
    private final long end;

    SimulationResult(Simulation simulation, Trace trace, long endNanos) {
        names = simulation.tasks.stream().map(SimulatedTask::name).distinct().toList();
        slices = List.copyOf(trace.slices);
        jobs = List.copyOf(trace.jobs);
        hash = trace.hash;
        switches = trace.switches;
        decisions = trace.decisions;
        end = endNanos / simulation.unitNanos;
    }

    /** Who had a slot when, in the order of the ends. */
    public List<SimulatedSlice> slices() {
        return slices;
    }

    /** All releases, in the order of their ends. */
    public List<SimulatedJob> jobs() {
        return jobs;
    }

    /** The releases of a task, in the order of their ends. */
    public List<SimulatedJob> jobs(String task) {
        return jobs.stream().filter(job -> job.task().equals(task)).toList();
    }

    /**
     * Who had the first slot, such as {@code A0-3 B3-6 A6-8}. Slices of one release that follow
     * each other without a gap are one.
     */
    public String trace() {
        return trace(0);
    }

    /** Who had a slot; see {@link #trace()}. */
    public String trace(int slot) {
        StringBuilder text = new StringBuilder();
        SimulatedSlice open = null;
        long from = 0;
        for (SimulatedSlice slice : slices) {
            if (slice.slot() != slot) continue;
            if (open == null || !follows(open, slice)) {
                if (open != null) append(text, open, from);
                from = slice.from();
            }
            open = slice;
        }
        if (open != null) append(text, open, from);
        return text.toString();
    }

    private static boolean follows(SimulatedSlice before, SimulatedSlice after) {
        return before.to() == after.from()
                && before.number() == after.number()
                && before.task().equals(after.task());
    }

    private static void append(StringBuilder text, SimulatedSlice last, long from) {
        if (!text.isEmpty()) text.append(' ');
        text.append(last.task()).append(from).append('-').append(last.to());
    }

    /**
     * Who had the first slot in each unit of time, such as {@code AABB-A}; {@code -}: nobody. For
     * tasks named by one letter.
     */
    public String units() {
        return units(0);
    }

    /** Who had a slot in each unit of time; see {@link #units()}. */
    public String units(int slot) {
        StringBuilder text = new StringBuilder();
        for (SimulatedSlice slice : slices) {
            if (slice.slot() != slot) continue;
            while (text.length() < slice.from()) text.append('-');
            for (long time = slice.from(); time < slice.to(); time++) text.append(slice.task());
        }
        return text.toString();
    }

    /** The tasks of the slices one after the other, such as {@code ABAABC}. */
    public String turns() {
        StringBuilder text = new StringBuilder();
        for (SimulatedSlice slice : slices) text.append(slice.task());
        return text.toString();
    }

    /** Response times of the releases of a task, in the order of their ends. */
    public List<Long> responses(String task) {
        return jobs(task).stream().map(SimulatedJob::response).toList();
    }

    /** The longest response time of a task. */
    public long longestResponse(String task) {
        return jobs(task).stream()
                .mapToLong(SimulatedJob::response)
                .max()
                .orElseThrow(() -> new NoSuchElementException("no release of " + task));
    }

    /** The longest response time of each task, in the order of the tasks. */
    public Map<String, Long> longestResponses() {
        Map<String, Long> longest = new LinkedHashMap<>();
        for (String name : names) longest.put(name, 0L);
        for (SimulatedJob job : jobs) longest.merge(job.task(), job.response(), Math::max);
        return longest;
    }

    /** When the last release of a task was done. */
    public long end(String task) {
        return jobs(task).stream()
                .mapToLong(SimulatedJob::end)
                .max()
                .orElseThrow(() -> new NoSuchElementException("no release of " + task));
    }

    /** Deadlines missed by each task, in the order of the tasks. */
    public Map<String, Integer> misses() {
        Map<String, Integer> misses = new LinkedHashMap<>();
        for (String name : names) misses.put(name, 0);
        for (SimulatedJob job : jobs) misses.merge(job.task(), job.missed() ? 1 : 0, Integer::sum);
        return misses;
    }

    /** Deadlines missed in all. */
    public int allMisses() {
        int misses = 0;
        for (SimulatedJob job : jobs) if (job.missed()) misses++;
        return misses;
    }

    /** How often a slot went from one release to another. */
    public long switches() {
        return switches;
    }

    /** How often the policy was asked who runs next. */
    public long decisions() {
        return decisions;
    }

    /** When everything was done. */
    public long end() {
        return end;
    }

    /** A number made from all slices and ends: equal for equal runs, in every process. */
    public long hash() {
        return hash;
    }
}
