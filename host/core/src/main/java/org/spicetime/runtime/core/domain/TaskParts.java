// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.core.dispatch.Dispatcher;
import org.spicetime.runtime.core.dispatch.HostClock;
import org.spicetime.runtime.core.history.TaskRecorder;
import org.spicetime.runtime.core.journal.Journal;
import org.spicetime.runtime.kernel.task.DomainKernel;
import org.spicetime.runtime.kernel.task.Now;

/**
 * Those who work on the tasks of a domain, for each other: the kernel, which decides, the
 * dispatcher, which runs, the journal, which stores, and those who record and watch. Each needs
 * another one to be made, so some come later; {@link DomainTasks} puts them together before anybody
 * uses the domain. Guarded by the domain's guard.
 */
final class TaskParts {

    final DomainId id;
    final HostClock clock;
    final TaskEvents events;
    final TaskRecorder recorder;
    final TaskLatencies latencies = new TaskLatencies();

    private @Nullable DomainKernel kernel;
    private @Nullable TaskWatches watches;
    private @Nullable Dispatcher dispatcher;
    private @Nullable Journal journal;
    private long callStarted;

    TaskParts(DomainId id, HostClock clock, TaskEvents events, TaskRecorder recorder) {
        this.id = id;
        this.clock = clock;
        this.events = events;
        this.recorder = recorder;
    }

    void use(DomainKernel decides, TaskWatches tells) {
        kernel = decides;
        watches = tells;
    }

    void use(Dispatcher runs) {
        dispatcher = runs;
    }

    void use(Journal stores) {
        journal = stores;
    }

    DomainKernel kernel() {
        return Objects.requireNonNull(kernel, "kernel");
    }

    TaskWatches watches() {
        return Objects.requireNonNull(watches, "watches");
    }

    Dispatcher dispatcher() {
        return Objects.requireNonNull(dispatcher, "dispatcher");
    }

    Journal journal() {
        return Objects.requireNonNull(journal, "journal");
    }

    /** The present, for a call into the kernel; inside the guard, so time never goes back. */
    Now now() {
        Now now = clock.now();
        callStarted = now.nanos();
        return now;
    }

    /** When the call into the kernel that is under way began. */
    long callStarted() {
        return callStarted;
    }
}
