// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.domain.DomainState;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.IntendedState;
import org.spicetime.runtime.kernel.task.DomainKernel;

/**
 * Starts, pauses, drains and stops a domain. Each call is idempotent; under {@code changes}.
 * Stopping waits for the running tasks without a thread: the last one to end closes the domain.
 */
final class DomainRun {

    private final DomainBody body;
    private final DomainGauges gauges;
    private final DomainResources resources;
    private final StoredIntent intent;

    final DomainStart starting;

    /* Guarded by the guard. */
    private final Promised<DomainState> stopped;
    private boolean stopWhenDrained;
    private boolean hostStops;
    private volatile @Nullable String fenced;

    DomainRun(DomainBody body, DomainGauges gauges) {
        this.body = body;
        this.gauges = gauges;
        resources = new DomainResources(body);
        intent = new StoredIntent(body);
        starting = new DomainStart(body);
        stopped = new Promised<>(body.guard, body::state);
    }

    /**
     * Starts the domain.
     *
     * @param patient whether to wait a while for plugins that are not there yet
     */
    CompletionStage<DomainState> start(boolean patient, ChangedBy who) {
        return start(patient, RuntimeStatus.RUNNING, who);
    }

    /**
     * Takes up what was last asked for, after a restart of the host. Waits a while for plugins.
     *
     * @param intended what the store keeps
     */
    CompletionStage<DomainState> takeUp(IntendedState intended) {
        return switch (intended) {
            case RUNNING -> start(true, RuntimeStatus.RUNNING, null);
            case PAUSED -> start(true, RuntimeStatus.PAUSED, null);
            case DRAINING -> start(true, RuntimeStatus.DRAINING, null);
            case STOPPED -> {
                body.live(() -> body.life.enter(RuntimeStatus.STOPPED));
                yield done();
            }
        };
    }

    /* Nobody asks for it: what was asked for before is taken up. */
    private CompletionStage<DomainState> start(
            boolean patient, RuntimeStatus into, @Nullable ChangedBy who) {
        body.changes.lock();
        try {
            body.checkExists();
            RuntimeStatus base = base();
            switch (base) {
                case CREATED, STOPPED, FAILED -> {}
                case STOPPING ->
                        throw RefusedException.conflict(
                                "domain \""
                                        + body.id()
                                        + "\" is STOPPING; start it when it has stopped");
                default -> {
                    CompletionStage<DomainState> pending = starting.pending();
                    return pending == null ? done() : pending;
                }
            }
            body.live(() -> {
                starting.arrival(into);
                body.life.enter(RuntimeStatus.STARTING);
            });
            try {
                resources.open();
                if (who != null) {
                    intent.write(IntendedState.RUNNING, who);
                }
            } catch (RuntimeException | OutOfMemoryError failure) {
                throw resources.failed(failure);
            }
            gauges.restart();
            return starting.begin(patient);
        } finally {
            body.changes.unlock();
        }
    }

    CompletionStage<DomainState> pause(ChangedBy who) {
        return move(RuntimeStatus.RUNNING, RuntimeStatus.PAUSED, IntendedState.PAUSED, who);
    }

    CompletionStage<DomainState> drain(ChangedBy who) {
        return move(RuntimeStatus.RUNNING, RuntimeStatus.DRAINING, IntendedState.DRAINING, who);
    }

    private CompletionStage<DomainState> move(
            RuntimeStatus from, RuntimeStatus to, IntendedState intended, ChangedBy who) {
        body.changes.lock();
        try {
            body.checkExists();
            RuntimeStatus base = base();
            if (base == to) return done();
            boolean reachable =
                    base == from
                            || (base == RuntimeStatus.PAUSED && to == RuntimeStatus.DRAINING)
                            || (base == RuntimeStatus.DRAINING && to == RuntimeStatus.PAUSED);
            if (!reachable) {
                throw wrongState(to);
            }
            intent.write(intended, who);
            body.live(() -> {
                body.life.enter(to);
                body.dispatcher.wake(body.tasks.ready());
            });
            return done();
        } finally {
            body.changes.unlock();
        }
    }

    CompletionStage<DomainState> resume(ChangedBy who) {
        body.changes.lock();
        try {
            body.checkExists();
            RuntimeStatus base = base();
            if (base == RuntimeStatus.STARTING) {
                if (starting.arrival() != RuntimeStatus.RUNNING) {
                    intent.write(IntendedState.RUNNING, who);
                    body.live(() -> starting.arrival(RuntimeStatus.RUNNING));
                }
                return done();
            }
            if (base == RuntimeStatus.RUNNING) {
                return done();
            }
            if (base != RuntimeStatus.PAUSED && base != RuntimeStatus.DRAINING) {
                throw wrongState(RuntimeStatus.RUNNING);
            }
            intent.write(IntendedState.RUNNING, who);
            body.live(() -> {
                body.life.enter(RuntimeStatus.RUNNING);
                body.dispatcher.wake(body.tasks.ready());
                stopWhenDrained = false;
                stopped.broken("domain \"" + body.id() + "\" was resumed before it had stopped");
            });
            return done();
        } finally {
            body.changes.unlock();
        }
    }

    /** Stops because the host does: what was asked for stays as it is, for the next start. */
    CompletionStage<DomainState> hostStops() {
        body.live(() -> hostStops = true);
        return stop(false, ChangedBy.HOST);
    }

    /**
     * Another host owns the domain: it stops at once and is FAILED. What was asked for is not
     * touched, since it is the other host's. Inside the guard.
     */
    void fenced(String why) {
        fenced = "is owned by another host: " + why;
        RuntimeStatus base = body.life.base();
        if (base == RuntimeStatus.CREATED
                || base == RuntimeStatus.STOPPED
                || base == RuntimeStatus.FAILED) {
            body.unrestored(fenced);
        } else if (base != RuntimeStatus.STOPPING) {
            beginStop();
        }
    }

    CompletionStage<DomainState> stop(boolean drain, ChangedBy who) {
        body.changes.lock();
        try {
            RuntimeStatus base = base();
            if (base == RuntimeStatus.CREATED
                    || base == RuntimeStatus.STOPPED
                    || base == RuntimeStatus.FAILED) {
                return done();
            }
            if (base != RuntimeStatus.STOPPING && !stopsWithHost()) {
                boolean later = drain && base != RuntimeStatus.STARTING;
                intent.write(later ? IntendedState.DRAINING : IntendedState.STOPPED, who);
            }
            body.guard.enter();
            try {
                CompletionStage<DomainState> promise = stopped.stage();
                if (base == RuntimeStatus.STOPPING) {
                    return promise;
                }
                if (drain && base != RuntimeStatus.STARTING) {
                    stopWhenDrained = true;
                    body.live(() -> {
                        body.life.enter(RuntimeStatus.DRAINING);
                        body.dispatcher.wake(body.tasks.ready());
                    });
                    stopIfDrained();
                } else {
                    beginStop();
                }
                return promise;
            } finally {
                body.guard.leave();
            }
        } finally {
            body.changes.unlock();
        }
    }

    /**
     * Stops the domain for ever.
     *
     * @param force cancels what has not finished; without it unfinished tasks are a conflict
     * @param cancelled takes the number of cancelled tasks
     */
    CompletionStage<DomainState> end(boolean force, int[] cancelled, ChangedBy who) {
        body.changes.lock();
        try {
            body.guard.enter();
            try {
                body.checkNotDeleted();
                body.dispatcher.lane().takeIn();
                int unfinished = body.tasks.with(DomainKernel::unfinished);
                if (unfinished > 0 && !force) {
                    throw RefusedException.conflict(
                                    "domain \""
                                            + body.id()
                                            + "\" has "
                                            + unfinished
                                            + " unfinished tasks; cancel them, or delete it with force")
                            .with("unfinished", unfinished);
                }
                body.tasks.run((kernel, now) ->
                        cancelled[0] = kernel.cancelAll("the domain is deleted", now));
                cancelled[0] += body.dispatcher.lane().clear();
                return stop(false, who);
            } finally {
                body.guard.leave();
            }
        } finally {
            body.changes.unlock();
        }
    }

    /** A task has ended; a stop that waits for the last one may go on. Inside the guard. */
    void taskEnded() {
        if (stopWhenDrained) {
            body.guard.afterwards(this::stopIfDrained);
        }
    }

    private void stopIfDrained() {
        body.guard.enter();
        try {
            body.dispatcher.lane().takeIn();
            if (stopWhenDrained && body.tasks.with(DomainKernel::unfinished) == 0) {
                beginStop();
            }
        } finally {
            body.guard.leave();
        }
    }

    /** Under the guard. */
    private void beginStop() {
        stopWhenDrained = false;
        body.live(() -> body.life.enter(RuntimeStatus.STOPPING));
        starting.abandon();
        body.dispatcher.endings().stopAll(this::quiet);
    }

    /** No task runs any more; without the guard, on whatever thread ended the last one. */
    private void quiet() {
        try {
            body.node.control().execute(this::close);
        } catch (RejectedExecutionException hostStops) {
            close();
        }
    }

    private void close() {
        body.changes.lock();
        try {
            resources.close();
            if (!stopsWithHost() && fenced == null) {
                intent.stopped();
            }
            body.guard.enter();
            try {
                String lost = fenced;
                if (lost == null) {
                    body.live(() -> body.life.enter(RuntimeStatus.STOPPED));
                } else {
                    body.unrestored(lost);
                }
                stopped.kept();
            } finally {
                body.guard.leave();
            }
        } finally {
            body.changes.unlock();
        }
    }

    private boolean stopsWithHost() {
        body.guard.enter();
        try {
            return hostStops;
        } finally {
            body.guard.leave();
        }
    }

    private RuntimeStatus base() {
        body.guard.enter();
        try {
            return body.life.base();
        } finally {
            body.guard.leave();
        }
    }

    private CompletionStage<DomainState> done() {
        return CompletableFuture.completedFuture(body.state());
    }

    private RefusedException wrongState(RuntimeStatus to) {
        return RefusedException.conflict(
                "domain \"" + body.id() + "\" is " + body.status() + " and cannot become " + to);
    }
}
