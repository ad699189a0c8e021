// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Analysis.ResponseTime;
import org.spicetime.runtime.api.scheduler.Analysis.Shortfall;
import org.spicetime.runtime.api.scheduler.Analysis.Verdict;
import org.spicetime.runtime.api.scheduler.Budget;

/** Collects an answer. Used by one call. */
final class Verdicts {
    private static final String PROCESSORS = "processors";

    private final DemandTable table;
    private final Budget budget;
    private final List<ResponseTime> times = new ArrayList<>();
    private OptionalDouble bound = OptionalDouble.empty();

    Verdicts(DemandTable table, Budget budget) {
        this.table = table;
        this.budget = budget;
    }

    /** Utilisation up to which all is well. */
    void bound(double processors) {
        bound = OptionalDouble.of(Math.max(0, processors));
    }

    void responseTime(int task, long nanos) {
        times.add(new ResponseTime(table.id[task], Math.max(1, nanos)));
    }

    /** Sets that no order can schedule, and those that need none; null: neither. */
    @Nullable Analysis simple() {
        if (table.size == 0) {
            return guaranteed("nothing with a period or a deadline is there");
        }
        if (table.exceeds(table.size, budget.slots())) {
            return refuted(
                    new Shortfall(
                            "utilisation",
                            Optional.empty(),
                            table.utilisation,
                            budget.processors(),
                            PROCESSORS));
        }
        for (int i = 0; i < table.size; i++) {
            if (table.cost[i] > table.deadline[i]) {
                Shortfall late = late("run time", i, table.cost[i]);
                return budget.shareRatio() == 1 ? refuted(late) : notShown(late);
            }
        }
        return oneProcessorEach() ? alone() : null;
    }

    private boolean oneProcessorEach() {
        if (table.size > budget.slots() || budget.shareRatio() < 1 || budget.blockingNanos() > 0) {
            return false;
        }
        for (int i = 0; i < table.size; i++) {
            if (table.cost[i] > table.period[i]) return false;
        }
        return true;
    }

    private Analysis alone() {
        for (int i = 0; i < table.size; i++) responseTime(i, table.cost[i]);
        return guaranteed("there is a processor for each task");
    }

    Analysis guaranteed(String reason) {
        return answer(Verdict.GUARANTEED, Optional.empty(), "guaranteed: " + reason);
    }

    Analysis refuted(Shortfall shortfall) {
        return answer(Verdict.REFUTED, Optional.of(shortfall), sentence(shortfall));
    }

    /** A sufficient test has failed. */
    Analysis notShown(Shortfall shortfall) {
        return answer(
                Verdict.UNKNOWN,
                Optional.of(shortfall),
                sentence(shortfall)
                        + "; the test is sufficient, not necessary, so the deadlines may be met all the same");
    }

    Analysis unknown(String reason) {
        return answer(Verdict.UNKNOWN, Optional.empty(), "cannot be told: " + reason);
    }

    /** A time that is too long for its deadline. */
    Shortfall late(String test, int task, long nanos) {
        return new Shortfall(test, Optional.of(table.id[task]), nanos, table.deadline[task], "ns");
    }

    /** A load that is too large. */
    static Shortfall load(String test, double value, double limit) {
        return new Shortfall(test, Optional.empty(), value, limit, PROCESSORS);
    }

    private Analysis answer(Verdict verdict, Optional<Shortfall> shortfall, String reason) {
        return new Analysis(verdict, table.utilisation, bound, times, shortfall, reason);
    }

    private static String sentence(Shortfall shortfall) {
        boolean time = shortfall.unit().equals("ns");
        String value = time ? millis(shortfall.value()) : decimal(shortfall.value());
        String limit = time ? millis(shortfall.limit()) : decimal(shortfall.limit());
        return shortfall.test()
                + shortfall.task().map(id -> " of " + id).orElse("")
                + " is "
                + value
                + ", allowed is "
                + limit;
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String millis(double nanos) {
        return nanos >= Long.MAX_VALUE
                ? "unbounded"
                : String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    }
}
