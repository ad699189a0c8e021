// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.core.dispatch.Lane;
import org.spicetime.runtime.core.dispatch.LightWork;
import org.spicetime.runtime.kernel.task.LightKind;

/** A domain as an executor service; see {@code Domain.executor}. Thread-safe. */
final class DomainExecutor extends AbstractExecutorService implements LightWork.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(DomainExecutor.class);

    private final DomainBody body;
    private final Lane lane;
    private final LightKind kind;
    private final TaskDefaults defaults;
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile boolean shutdown;

    /* Guarded by the guard. */
    private long unfinished;
    private boolean allAdmitted;

    DomainExecutor(DomainBody body, LightKind kind, TaskDefaults defaults) {
        this.body = body;
        this.lane = body.dispatcher.lane();
        this.kind = kind;
        this.defaults = defaults;
    }

    @Override
    public void execute(Runnable command) {
        LightWork work = new LightWork(kind, Objects.requireNonNull(command, "command"), this);
        if (command instanceof Promise<?> promise) {
            promise.work = work;
        }
        checkOpen();
        lane.submit(work);
        // A shutdown or a stop in between may have passed over it.
        if ((shutdown || !body.admits()) && lane.withdraw(work)) {
            checkOpen();
            throw notAdmitted();
        }
    }

    private void checkOpen() {
        if (shutdown) {
            throw new RejectedExecutionException(this + " was shut down");
        }
        if (!body.admits()) {
            throw notAdmitted();
        }
    }

    private RejectedExecutionException notAdmitted() {
        return new RejectedExecutionException(
                "domain \"" + body.id() + "\" is " + body.status() + " and admits no tasks");
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Promise<>(runnable, value);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new Promise<>(callable);
    }

    /** A future that takes its work out of the queue, or ends it, when it is cancelled. */
    private final class Promise<T> extends FutureTask<T> {

        /* Set before it is submitted. */
        private @Nullable LightWork work;

        Promise(Callable<T> callable) {
            super(callable);
        }

        Promise(Runnable runnable, T value) {
            super(runnable, value);
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean cancelled = super.cancel(mayInterrupt);
            LightWork mine = work;
            if (cancelled && mine != null) {
                if (mayInterrupt) {
                    lane.stop(mine);
                } else {
                    lane.withdraw(mine);
                }
            }
            return cancelled;
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
        body.guard.enterPatiently();
        try {
            // Who submits after this sees the shutdown.
            lane.takeIn();
            allAdmitted = true;
            terminateIfDone();
        } finally {
            body.guard.leave();
        }
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> neverBegun = lane.clear(this);
        shutdown();
        return neverBegun;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }

    /* ---- inside the guard ---- */

    @Override
    public void admitted() {
        unfinished++;
    }

    @Override
    public void ended() {
        unfinished--;
        terminateIfDone();
    }

    private void terminateIfDone() {
        if (allAdmitted && unfinished == 0) {
            terminated.countDown();
        }
    }

    /* ---- on a worker ---- */

    @Override
    public void failed(Throwable thrown) {
        LOG.warn("domain={} a task of {} failed", body.id(), this, thrown);
    }

    @Override
    public String toString() {
        return "the executor view \"" + defaults.name() + "\" of domain \"" + body.id() + "\"";
    }
}
