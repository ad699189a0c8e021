// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.store.Known;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskRecord;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.api.task.Task;
import org.spicetime.runtime.api.task.TaskPhase;

/**
 * Opens what a crash left with the code that ships, settles what ran, and compares it with what was
 * acknowledged. Called by one thread at a time.
 */
final class ImageCheck {

    private final List<String> faults = new ArrayList<>();

    private ImageCheck() {}

    /** What is wrong, each as "kind: details"; empty: nothing. */
    static List<String> faults(Path directory, Acknowledged acknowledged) {
        ImageCheck check = new ImageCheck();
        check.run(directory, acknowledged);
        return check.faults;
    }

    private void run(Path directory, Acknowledged acknowledged) {
        try (TaskStore store = StoreUnderTest.open(directory, InstantSource.system(), true)) {
            for (DomainId domain : List.of(StoreUnderTest.KEPT, StoreUnderTest.PRUNED)) {
                store.acquire(domain, StoreUnderTest.HOST, Duration.ofMinutes(1));
            }
            acknowledged.promises().forEach((task, promise) -> check(store, task, promise));
        } catch (StoreException e) {
            faults.add("will not open: " + e.reason() + " " + e.getMessage());
            return;
        }
        String answer = StoreUnderTest.integrity(directory);
        if (!"ok".equals(answer)) {
            faults.add("not sound: " + answer);
        }
    }

    private void check(TaskStore store, TaskId id, Acknowledged.Promise promise) {
        Optional<TaskRecord> found;
        try {
            found = store.load(id);
        } catch (StoreException e) {
            faults.add("unreadable: " + id + " " + e.reason() + " " + e.getMessage());
            return;
        }
        if (found.isEmpty()) {
            if (promise.admitted && !promise.mayGo) {
                faults.add("lost: " + id + (promise.finished == null ? "" : ", finished"));
            }
            return;
        }
        compare(found.get().task(), promise);
        String key = SampleTask.key(id);
        if (key != null) {
            Optional<TaskId> known = store.known(found.get().task().domain(), key).map(Known::task);
            if (!known.equals(Optional.of(id))) {
                faults.add("key lost: " + id + " is " + known);
            }
        }
    }

    private void compare(Task task, Acknowledged.Promise promise) {
        TaskPhase phase = task.phase();
        if (phase == TaskPhase.RUNNING || phase == TaskPhase.CANCELLING) {
            faults.add("unsettled: " + task.id() + " is " + phase);
        }
        if (promise.finished != null && phase != promise.finished) {
            faults.add(
                    "runs again: %s was %s and is %s"
                            .formatted(task.id(), promise.finished, phase));
        }
        if (promise.cancelling && !phase.isFinal()) {
            faults.add("cancellation lost: " + task.id() + " is " + phase);
        }
        if (promise.admitted
                && (task.attempt() < promise.attempt || task.attempt() > promise.starts)) {
            faults.add(
                    "attempts: %s has %d, must be %d to %d"
                            .formatted(task.id(), task.attempt(), promise.attempt, promise.starts));
        }
        String difference = SampleTask.difference(task);
        if (difference != null) {
            faults.add("wrong content: " + task.id() + " has " + difference);
        }
    }
}
