// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Analysis.Shortfall;

/** Says what a task set lacks, in one sentence and for programs. */
final class NotGuaranteed {

    private static final double MILLI = 1e6;

    private NotGuaranteed() {}

    /**
     * The refusal of something that cannot be guaranteed.
     *
     * @param what is refused
     * @param names of the tasks of the set
     */
    static RefusedException refusal(
            String what, String policy, Analysis analysis, Map<UUID, String> names) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("reason", "NOT_GUARANTEED");
        details.put("policy", policy);
        details.put("utilization", analysis.utilisation());
        analysis.bound().ifPresent(bound -> details.put("bound", bound));
        analysis.shortfall()
                .ifPresent(lack -> {
                    boolean time = lack.unit().equals("ns");
                    details.put("test", lack.test());
                    details.put("value", time ? lack.value() / MILLI : lack.value());
                    details.put("limit", time ? lack.limit() / MILLI : lack.limit());
                    details.put("unit", time ? "ms" : lack.unit());
                    lack.task()
                            .ifPresent(id -> details.put("of", names.getOrDefault(id, "a task")));
                });
        return new RefusedException(
                RuntimeErrorCode.SCHEDULER_ERROR,
                what
                        + " cannot be guaranteed under "
                        + policy
                        + ": "
                        + sentence(analysis, names)
                        + "; make it run shorter, less often or with a later deadline, or set"
                        + " scheduler.parameters.admission to OFF; nothing was changed",
                details);
    }

    /** What an analysis found, the tasks called by their names. */
    static String sentence(Analysis analysis, Map<UUID, String> names) {
        String bound =
                analysis.bound().isPresent()
                        ? ", bound " + number(analysis.bound().getAsDouble())
                        : "";
        return analysis.shortfall().map(lack -> compared(lack, names)).orElseGet(analysis::reason)
                + " (utilisation "
                + number(analysis.utilisation())
                + bound
                + ")"
                + (analysis.shortfall().isPresent()
                                && analysis.verdict() == Analysis.Verdict.UNKNOWN
                        ? "; the test is sufficient, not necessary"
                        : "");
    }

    private static String compared(Shortfall lack, Map<UUID, String> names) {
        return lack.test()
                + lack.task().map(id -> " of " + names.getOrDefault(id, "a task")).orElse("")
                + " is "
                + shown(lack, lack.value())
                + ", allowed is "
                + shown(lack, lack.limit());
    }

    private static String shown(Shortfall lack, double value) {
        if (!lack.unit().equals("ns")) {
            return number(value);
        }
        return value >= Long.MAX_VALUE ? "unbounded" : number(value / MILLI) + " ms";
    }

    /** A number without zeros at its end. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
    }
}
