// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A recorded run beside what it would have been under other policies. {@link #toString} is a table.
 * Immutable.
 *
 * @param runs the recorded run first
 */
public record WhatIf(List<Run> runs) {
    /**
     * One of the runs. Times are in nanoseconds. Immutable.
     *
     * @param policy its name; {@code recorded} for the run as it was
     * @param tasks how many ran
     * @param misses deadlines missed
     * @param median half of the response times are at most that long
     * @param p99 99 of 100 response times are at most that long
     * @param longest response time
     * @param end of the last task, counted from the first release
     * @param switches of slots from one task to another; absent: unknown
     */
    public record Run(
            String policy,
            int tasks,
            int misses,
            long median,
            long p99,
            long longest,
            long end,
            OptionalLong switches) {}

    /** Copies the runs. */
    public WhatIf {
        runs = List.copyOf(runs);
    }

    static WhatIf recorded(Recording recording) {
        List<RecordedTask> tasks = recording.tasks();
        long[] responses =
                tasks.stream().mapToLong(one -> one.end() - one.task().release()).toArray();
        int misses = (int) tasks.stream().filter(RecordedTask::missed).count();
        long end = tasks.stream().mapToLong(RecordedTask::end).max().orElse(0);
        return new WhatIf(List.of(run("recorded", responses, misses, end, OptionalLong.empty())));
    }

    WhatIf with(String policy, SimulationResult seen) {
        long[] responses = seen.jobs().stream().mapToLong(SimulatedJob::response).toArray();
        List<Run> more = new ArrayList<>(runs);
        more.add(
                run(
                        policy,
                        responses,
                        seen.allMisses(),
                        seen.end(),
                        OptionalLong.of(seen.switches())));
        return new WhatIf(more);
    }

    /** The run under a policy. */
    public Run under(String policy) {
        return runs.stream()
                .filter(run -> run.policy().equals(policy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no run under " + policy));
    }

    private static Run run(
            String policy, long[] responses, int misses, long end, OptionalLong switches) {
        long[] sorted = responses.clone();
        Arrays.sort(sorted);
        return new Run(
                policy,
                sorted.length,
                misses,
                rank(sorted, 0.5),
                rank(sorted, 0.99),
                rank(sorted, 1),
                end,
                switches);
    }

    private static long rank(long[] sorted, double share) {
        if (sorted.length == 0) return 0;
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /** A line per run, times in milliseconds. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        line(table, "policy", "tasks", "misses", "median ms", "p99 ms", "max ms", "switches");
        for (Run run : runs) {
            line(
                    table,
                    run.policy(),
                    Integer.toString(run.tasks()),
                    Integer.toString(run.misses()),
                    millis(run.median()),
                    millis(run.p99()),
                    millis(run.longest()),
                    run.switches().isPresent() ? Long.toString(run.switches().getAsLong()) : "-");
        }
        return table.toString();
    }

    private static void line(StringBuilder table, String first, String... others) {
        table.append(String.format(Locale.ROOT, "%-24s", first));
        for (String other : others) table.append(String.format(Locale.ROOT, " %12s", other));
        table.append('\n');
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }
}
