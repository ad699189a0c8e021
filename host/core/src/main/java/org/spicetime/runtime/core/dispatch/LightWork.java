// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.dispatch;

import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.kernel.task.LightKind;
import org.spicetime.runtime.kernel.task.LightTask;

/** Some work of somebody, as a light task. Guarded by the domain's guard once it is submitted. */
public final class LightWork extends LightTask {

    /** Whose work it is. */
    public interface Owner {
        /** A task of its was shown to the kernel. Under the guard. */
        void admitted();

        /** The work has ended or was taken out. Under the guard. */
        void ended();

        /** The work threw this. On the worker. */
        void failed(Throwable thrown);
    }

    final Runnable work;
    final Owner owner;

    /* Its times are measured; set before it is submitted. */
    boolean sampled;

    /* Set by its worker: it knows when it ended, and whether that was after its deadline. */
    boolean timed;
    boolean late;

    /* The run of this work alone. Guarded by the guard. */
    @Nullable LightRun run;

    /* Set by its worker. */
    private boolean failed;

    /** Work that was not submitted yet. */
    public LightWork(LightKind kind, Runnable work, Owner owner) {
        super(kind);
        this.work = work;
        this.owner = owner;
    }

    /** Does the work; whatever it throws ends here. On the worker. */
    void execute() {
        try {
            work.run();
            failed = work instanceof FutureTask<?> future && future.state() != Future.State.SUCCESS;
        } catch (Throwable thrown) {
            failed = true;
            owner.failed(thrown);
        }
        // An interrupt was for this work alone.
        Thread.interrupted();
    }

    /** Its thread does not come back: who waits for it is told. */
    void giveUp() {
        if (work instanceof Future<?> future) {
            future.cancel(false);
        }
    }

    /** Whether it threw, or was cancelled. On the worker, afterwards. */
    boolean hasFailed() {
        return failed;
    }
}
