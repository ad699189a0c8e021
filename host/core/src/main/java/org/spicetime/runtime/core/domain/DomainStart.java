// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.core.dispatch.Surroundings;

/**
 * The way of a domain from STARTING to what it is to be: it holds all it needs, and may wait a
 * while for plugins that are not there yet. Guarded by the domain's guard.
 */
final class DomainStart {

    private final DomainBody body;
    private final Promised<DomainState> started;

    /* Written under the guard; the timer reads it without. */
    private volatile long waitsUntil = Long.MAX_VALUE;
    private RuntimeStatus arrival = RuntimeStatus.RUNNING;

    DomainStart(DomainBody body) {
        this.body = body;
        started = new Promised<>(body.guard, body::state);
    }

    /** What the domain is when it has started. */
    RuntimeStatus arrival() {
        return arrival;
    }

    void arrival(RuntimeStatus into) {
        arrival = into;
    }

    /** The end of the start that is under way; null: none is. Without the guard. */
    @Nullable CompletionStage<DomainState> pending() {
        body.guard.enter();
        try {
            return started.pending();
        } finally {
            body.guard.leave();
        }
    }

    /**
     * Starts the domain, whose resources are open. Without the guard.
     *
     * @param patient whether to wait a while for plugins that are not there yet
     */
    CompletionStage<DomainState> begin(boolean patient) {
        body.guard.enter();
        try {
            boolean complete = body.life.reason() == null;
            CompletionStage<DomainState> promise = started.stage();
            if (complete || !patient) {
                arrive();
            } else {
                waitsUntil =
                        body.node.clock().nanos().getAsLong()
                                + body.node.timings().pluginWait().toNanos();
            }
            body.stateChanged();
            return promise;
        } finally {
            body.guard.leave();
            body.node.timer().rearm(waitsUntil);
        }
    }

    /** The domain runs from now on. */
    private void arrive() {
        Holdings held = Objects.requireNonNull(body.holdings());
        waitsUntil = Long.MAX_VALUE;
        body.live(() -> {
            body.life.started(body.node.clock().instants().instant());
            body.dispatcher.watchedBy(body.node.slots());
            body.dispatcher.open(
                    new Surroundings(
                            body.id(),
                            held.lease(),
                            held.pool(),
                            held.network(),
                            body.node.inFlight()),
                    body.config().executor().parallelism());
            if (arrival != RuntimeStatus.RUNNING) {
                body.life.enter(arrival);
            }
        });
        started.kept();
    }

    /** When the waiting for plugins ends. Any thread. */
    long waitsUntil() {
        return waitsUntil;
    }

    /** Goes on if nothing is missing any more, or it was waited for long enough. Any thread. */
    void reconsider(long nanos) {
        body.guard.enter();
        try {
            if (body.life.base() == RuntimeStatus.STARTING
                    && waitsUntil != Long.MAX_VALUE
                    && (body.life.reason() == null || waitsUntil - nanos <= 0)) {
                arrive();
            }
        } finally {
            body.guard.leave();
        }
    }

    /** The domain stops instead. */
    void abandon() {
        waitsUntil = Long.MAX_VALUE;
        started.broken("domain \"" + body.id() + "\" was stopped meanwhile");
    }
}
