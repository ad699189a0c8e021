// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.task.TaskChanges;
import org.spicetime.runtime.core.dispatch.DomainGuard;

/**
 * One reader of the changes of a domain's tasks: it is told once when there is something, and not
 * again before it has taken all. Thread-safe; what is shared is guarded by the domain's guard.
 */
abstract class ChangeReader implements TaskChanges {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeReader.class);

    final TaskWatches tasks;
    private final Runnable available;

    /* Whether the reader has taken all there was, and waits to be told. */
    private boolean waits = true;
    private boolean closed;

    ChangeReader(TaskWatches tasks, Runnable available) {
        this.tasks = tasks;
        this.available = available;
    }

    static void checkMost(int most) {
        if (most < 1) {
            throw RefusedException.outOfRange("most", most, "1 or more");
        }
    }

    /** Inside the guard. */
    final boolean isClosed() {
        return closed;
    }

    /** All was taken. Inside the guard. */
    final void taken() {
        waits = true;
    }

    /** There is something to take. Inside the guard. */
    final void tell(DomainGuard guard, Executor notifier) {
        if (!waits) {
            return;
        }
        waits = false;
        guard.afterwards(() -> {
            try {
                notifier.execute(this::call);
            } catch (RejectedExecutionException hostStops) {
                LOG.debug("a reader of changes is not told, the host stops", hostStops);
            }
        });
    }

    private void call() {
        try {
            available.run();
        } catch (RuntimeException e) {
            LOG.warn("a reader of changes failed when it was told of some", e);
        }
    }

    /** Gives up its place. Once, inside the guard. */
    abstract void leave();

    @Override
    public final void close() {
        DomainGuard guard = tasks.guard();
        guard.enter();
        try {
            if (!closed) {
                closed = true;
                leave();
                tasks.remove(this);
            }
        } finally {
            guard.leave();
        }
    }
}
