// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.task.KernelListener;
import org.spicetime.runtime.kernel.task.StopReason;
import org.spicetime.runtime.kernel.task.TaskEntry;

/** Hashes every transition, and sees that each task ends once. Called by one thread at a time. */
final class RecordingListener implements KernelListener {
    final Map<TaskId, Integer> ends = new HashMap<>();
    final Set<TaskEntry> toGiveWay = new HashSet<>();
    final List<PolicyEjection> ejections = new ArrayList<>();
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
    }

    @Override
    public void becameReady(int count) {
        assertThat(count).isPositive();
    }

    @Override
    public void stopRequested(TaskEntry entry, StopReason why) {
        note(why.name().hashCode());
    }

    @Override
    public void giveWay(TaskEntry entry) {
        note(entry.seq());
        toGiveWay.add(entry);
    }

    @Override
    public void finished(TaskEntry entry) {
        ends.merge(entry.taskId(), 1, Integer::sum);
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
