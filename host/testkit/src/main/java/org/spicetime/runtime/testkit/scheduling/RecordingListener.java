// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.spicetime.runtime.testkit.scheduling.Promise.require;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.task.TaskPhase;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.task.KernelListener;
import org.spicetime.runtime.kernel.task.StopReason;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** Hashes every transition, and sees that each task ends once. Called by one thread at a time. */
final class RecordingListener implements KernelListener {
    private static final Object ENDED = new Object();

    final List<PolicyEjection> ejections = new ArrayList<>();
    @Nullable OrderModel model;
    long ends;
    private long hash = 1;

    long hash() {
        return hash;
    }

    void note(long value) {
        hash = hash * 0x9E3779B97F4A7C15L + value;
    }

    @Override
    public void changed(TaskEntry entry) {
        note(entry.taskId().hashCode());
        note(entry.phase().name().hashCode());
        OrderModel order = model;
        if (order != null && entry.phase() == TaskPhase.READY) {
            order.queued(entry, EnqueueReason.NEW);
        }
    }

    @Override
    public void becameReady(int count) {
        require(count > 0, "%d tasks became ready", count);
    }

    @Override
    public void stopRequested(TaskEntry entry, StopReason why) {
        note(why.name().hashCode());
    }

    @Override
    public void giveWay(TaskEntry entry) {
        note(entry.seq());
    }

    @Override
    public void finished(TaskEntry entry) {
        require(entry.trace() == null, "%s ended twice", entry);
        entry.trace(ENDED);
        ends++;
    }

    @Override
    public void missedDeadline(TaskEntry entry) {
        note(entry.seq());
    }

    @Override
    public void policyEjected(PolicyEjection ejection) {
        ejections.add(ejection);
    }
}
