// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.shares;

/**
 * What one domain is entitled to, and how much of it is left. Its budget is refilled once per
 * period, as by a constant bandwidth server (L. Abeni, G. Buttazzo, <i>Integrating Multimedia
 * Applications in Hard Real-Time Systems</i>, RTSS 1998): what was not used lapses, what was used
 * too much is missing in the next period. Guarded by the caller.
 */
public final class Share {
    /** May run as many tasks as it likes. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final String name;
    private double cores;
    private int weight = 1;

    /* The server. */
    private double budget;
    private long deadline;

    /* Processor time beyond the guarantee, divided by the weight. */
    private double virtualTime;

    private int wanted;
    private int permits = UNLIMITED;
    private long heldBackNanos;

    /** A share without a guarantee, of weight 1. */
    public Share(String name) {
        this.name = name;
    }

    /** Processors it can use at least, whatever others do; 0: none. */
    public double cores() {
        return cores;
    }

    /** Its part of what the guarantees leave, against those of others. */
    public int weight() {
        return weight;
    }

    /** Tasks it may run at a time now. */
    public int permits() {
        return permits;
    }

    /** For how long it was allowed to run fewer tasks than it wanted to. */
    public long heldBackNanos() {
        return heldBackNanos;
    }

    void grant(double newCores, int newWeight, long now) {
        cores = newCores;
        weight = newWeight;
        budget = newCores * ProcessorShares.PERIOD_NANOS;
        deadline = now + ProcessorShares.PERIOD_NANOS;
    }

    /** It used processors: first its budget, then what is divided by weight. */
    void charge(long nanos) {
        double beyond = nanos;
        if (budget > 0) {
            beyond = Math.max(0, nanos - budget);
            budget -= nanos;
        }
        virtualTime += beyond / weight;
    }

    void refill(long now) {
        if (cores == 0 || now < deadline) return;
        double full = cores * ProcessorShares.PERIOD_NANOS;
        // Up to one period's worth of what was used beyond a budget is owed: it was used, and the
        // clocks are read only now and then.
        budget = Math.max(Math.min(budget, 0), -full / 2) + full;
        deadline += ProcessorShares.PERIOD_NANOS;
        if (deadline <= now) deadline = now + ProcessorShares.PERIOD_NANOS;
    }

    /** It wants to run so many tasks. */
    void wants(int tasks) {
        wanted = tasks;
    }

    /** Its virtual time is not less than this. */
    void catchUp(double least) {
        virtualTime = Math.max(virtualTime, least);
    }

    int wanted() {
        return wanted;
    }

    double virtualTime() {
        return virtualTime;
    }

    /** What a task more of it would be counted as, in the order of those without a budget. */
    double virtualTimeWith(int tasks, long slice) {
        return virtualTime + (double) tasks * slice / weight;
    }

    /** Whether it may still run by its guarantee, and wants to. */
    boolean entitled() {
        return budget > 0 && wanted > 0;
    }

    /** Tasks its guarantee is for. */
    int entitledTasks() {
        return Math.min(wanted, (int) Math.max(1, Math.ceil(cores)));
    }

    /** How long it can be put off without missing its guarantee. */
    double laxity(long now) {
        return deadline - now - budget / Math.max(1, Math.ceil(cores));
    }

    void permit(int tasks) {
        permits = tasks;
    }

    void passed(long nanos) {
        if (permits < wanted) heldBackNanos += nanos;
    }

    @Override
    public String toString() {
        return name + " " + cores + " cores, weight " + weight;
    }
}
