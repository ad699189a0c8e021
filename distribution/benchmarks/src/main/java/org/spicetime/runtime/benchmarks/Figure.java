// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One measured figure beside its budget. Immutable.
 *
 * @param name what was measured
 * @param unit of the samples and the budget
 * @param samples one per repetition; the median counts. None: what was to be measured is absent
 * @param bound whether the budget is the least or the most
 * @param budget what it should be; NaN: it is told for the reader alone
 * @param note what else has to be known to read it; may be empty
 */
public record Figure(
        String name, String unit, List<Double> samples, Bound bound, double budget, String note) {
    /** What the budget bounds. */
    public enum Bound {
        /** The figure should be the budget or more. */
        AT_LEAST,
        /** The figure should be the budget or less. */
        AT_MOST
    }

    public Figure {
        if (samples.isEmpty() && !Double.isNaN(budget))
            throw new IllegalArgumentException("no sample of " + name);
        samples = List.copyOf(samples);
    }

    /** A figure that should not be below its budget. */
    public static Figure atLeast(
            String name, String unit, double budget, String note, List<Double> samples) {
        return new Figure(name, unit, samples, Bound.AT_LEAST, budget, note);
    }

    /** A figure that should not be above its budget. */
    public static Figure atMost(
            String name, String unit, double budget, String note, List<Double> samples) {
        return new Figure(name, unit, samples, Bound.AT_MOST, budget, note);
    }

    /** A figure without a budget. */
    public static Figure told(String name, String unit, String note, List<Double> samples) {
        return new Figure(name, unit, samples, Bound.AT_MOST, Double.NaN, note);
    }

    /** A figure that cannot be had on this machine. */
    public static Figure absent(String name, String why) {
        return new Figure(name, "", List.of(), Bound.AT_MOST, Double.NaN, why);
    }

    /** The middle of the samples; NaN: there are none. */
    public double median() {
        if (samples.isEmpty()) return Double.NaN;
        return median(samples.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The middle of some values. */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Whether the median misses the budget. A sample that could not be taken misses it. */
    public boolean isShort() {
        if (Double.isNaN(budget)) return false;
        return !(bound == Bound.AT_LEAST ? median() >= budget : median() <= budget);
    }

    /** The line that is printed. */
    public String line() {
        StringBuilder line = new StringBuilder();
        if (samples.isEmpty())
            return String.format(Locale.ROOT, "%-84s absent, %s: no budget", name, note);
        line.append(String.format(Locale.ROOT, "%-84s %s", name, amount(median())));
        if (samples.size() > 1) {
            double low = samples.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
            double high = samples.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
            line.append(" (median of ")
                    .append(samples.size())
                    .append(", ")
                    .append(number(low))
                    .append(" to ")
                    .append(number(high))
                    .append(')');
        }
        if (!note.isEmpty()) line.append(", ").append(note);
        if (Double.isNaN(budget)) return line.append(": no budget").toString();
        return line.append(bound == Bound.AT_LEAST ? ", budget at least " : ", budget ")
                .append(amount(budget))
                .append(isShort() ? ": short" : ": ok")
                .toString();
    }

    private String amount(double value) {
        return number(value) + (unit.isEmpty() ? "" : " " + unit);
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
