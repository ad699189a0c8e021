// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.core.dispatch.StopCause;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.task.KernelListener;
import org.spicetime.runtime.kernel.task.LightTask;
import org.spicetime.runtime.kernel.task.StopReason;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** What the kernel of a domain tells, passed to whom it concerns. Called inside the guard. */
final class KernelNews implements KernelListener {

    private static final Logger LOG = LoggerFactory.getLogger(KernelNews.class);

    private final TaskParts tasks;
    private final ErrorRing errors;

    KernelNews(TaskParts tasks, ErrorRing errors) {
        this.tasks = tasks;
        this.errors = errors;
    }

    @Override
    public void changed(TaskEntry entry) {
        tasks.recorder.changed(entry);
        tasks.watches().changed(entry);
        tasks.journal().changed(entry);
    }

    @Override
    public void ending(TaskEntry entry) {
        tasks.journal().ending(entry, tasks.recorder.explanation(entry));
    }

    @Override
    public void waitsForLess(TaskEntry entry) {
        tasks.journal().changed(entry);
    }

    @Override
    public void purged(TaskEntry entry) {
        tasks.journal().purged(entry);
        tasks.events.left(entry);
        tasks.recorder.purged(entry);
    }

    @Override
    public void left(TaskEntry entry) {
        tasks.recorder.purged(entry);
        tasks.events.left(entry);
    }

    @Override
    public void becameReady(int count) {
        tasks.dispatcher().wake(count);
    }

    @Override
    public void stopRequested(TaskEntry entry, StopReason why) {
        tasks.dispatcher()
                .endings()
                .stop(
                        entry,
                        switch (why) {
                            case CANCELLED -> StopCause.CANCELLED;
                            case TIME_LIMIT -> StopCause.TIME_LIMIT;
                            case DEADLINE -> StopCause.DEADLINE;
                        });
    }

    @Override
    public void giveWay(TaskEntry entry) {
        tasks.dispatcher().giveWay(entry);
    }

    @Override
    public void giveWay(LightTask task) {
        tasks.dispatcher().giveWay(task);
    }

    @Override
    public void finished(TaskEntry entry) {
        tasks.latencies.took(entry.finishedAtNanos() - entry.admittedAtNanos());
        if (entry.error() != null && entry.phase() != TaskPhase.CANCELLED) {
            errors.add(entry.error());
        }
        tasks.events.finished(entry);
    }

    @Override
    public void missedDeadline(TaskEntry entry) {
        LOG.debug("domain={} task={} missed its deadline", tasks.id, entry.taskId());
        tasks.journal().missed(entry);
    }

    @Override
    public void policyEjected(PolicyEjection ejection) {
        tasks.events.policyEjected(ejection, tasks.callStarted());
    }
}
