// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.demo;

import java.io.PrintStream;
import java.util.function.Predicate;

/** Compares what happened with what was expected, a line each. Used by one thread. */
final class Verdict {

    /** Two workers start tasks side by side, so a few neighbours may swap. */
    private static final double IN_ORDER = 0.9;

    private final PrintStream out;
    private boolean passed = true;

    Verdict(PrintStream out) {
        this.out = out;
        out.printf("%nOutcomes%n");
    }

    boolean passed() {
        return passed;
    }

    void domain(Report report) {
        String domain = report.domain();
        check(
                domain + ": every task but the odd ones completed",
                report.tasks().stream()
                        .filter(task -> task.name().matches("[a-z]+ \\d+"))
                        .allMatch(task -> task.status().equals("COMPLETED")),
                report.tasks().size() + " tasks");
        odd(report, Workload.CANCELLED, task -> task.phase().equals("CANCELLED"));
        odd(report, Workload.FAILING, task -> task.phase().equals("FAILED"));
        odd(report, Workload.ORPHAN, task -> "DEPENDENCY_FAILED".equals(task.errorCode()));
        odd(report, Workload.LATE, task -> task.status().equals("COMPLETED") && task.late());
        odd(report, Workload.GATHER, task -> task.status().equals("COMPLETED"));
        if (report.policy().equals("EDF")) {
            check(
                    domain + ": EDF dispatched by deadline",
                    report.agreementWithDeadlines() >= IN_ORDER,
                    percent(report.agreementWithDeadlines()));
        }
        if (report.policy().equals("PRIORITY")) {
            check(
                    domain + ": PRIORITY dispatched by priority",
                    report.agreementWithPriorities() >= IN_ORDER,
                    percent(report.agreementWithPriorities()));
        }
    }

    private void odd(Report report, String name, Predicate<Ran> expected) {
        Ran task =
                report.tasks().stream()
                        .filter(ran -> ran.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        check(
                report.domain() + ": \"" + name + "\"",
                expected.test(task),
                task.phase() + error(task));
    }

    void check(String what, boolean expected, String seen) {
        passed &= expected;
        out.printf("  %-10s %s: %s%n", expected ? "expected" : "UNEXPECTED", what, seen);
    }

    private static String error(Ran task) {
        return task.errorCode() == null ? "" : ", " + task.errorCode();
    }

    private static String percent(double share) {
        return Math.round(share * 100) + "% of the pairs";
    }
}
