// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

/**
 * A budget and a deadline, by the rules of the constant bandwidth server. Called by one thread at a
 * time.
 */
final class Server {
    final Line started = new Line();
    final Line fresh = new Line();

    private final Reservation reservation;
    private long budget;
    private long deadline;

    /* Without budget under a hard reservation; until when. */
    private boolean waits;
    private long until;

    /** Its tasks that are queued or run. */
    int active;

    Server(Reservation reservation, long now) {
        this.reservation = reservation;
        this.deadline = now;
    }

    long budget() {
        return budget;
    }

    long deadline() {
        return deadline;
    }

    boolean waits() {
        return waits;
    }

    long until() {
        return until;
    }

    /** A task comes to a server that had none: what is left counts only if its share allows it. */
    void arrive(long now) {
        double allowed = (double) (deadline - now) / reservation.period() * reservation.budget();
        if (budget < allowed) return;
        budget = reservation.budget();
        deadline = now + reservation.period();
        waits = false;
    }

    /** Its tasks ran for so long. */
    void use(long nanos, long now) {
        budget -= nanos;
        if (budget > 0 || waits) return;
        until = deadline + (periods() - 1) * reservation.period();
        waits = reservation.hard() && until > now;
        if (!waits) refill();
    }

    /** Its next period has come. */
    void refill() {
        long periods = periods();
        budget += periods * reservation.budget();
        deadline += periods * reservation.period();
        waits = false;
    }

    /* Until the budget is more than nothing: one, unless a task came late to a checkpoint. */
    private long periods() {
        return Math.max(0, -budget) / reservation.budget() + 1;
    }
}
