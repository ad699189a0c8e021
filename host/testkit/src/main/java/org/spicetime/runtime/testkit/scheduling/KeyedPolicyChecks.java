// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.spicetime.runtime.testkit.scheduling.Promise.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;

/** What a policy that only ranks has to keep. Called by one thread at a time. */
final class KeyedPolicyChecks {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20;

    private final PolicyWorkshop workshop;

    KeyedPolicyChecks(PolicyWorkshop workshop) {
        this.workshop = workshop;
    }

    void theKeyIsAPureFunctionOfTheView() {
        KeyedPolicy policy = (KeyedPolicy) workshop.create();
        KeyedPolicy other = (KeyedPolicy) workshop.create();
        for (ContractTask task : workshop.tasks()) {
            long key = policy.key(task);
            long slice = policy.quantum(task);
            workshop.now += 1_000_000;
            require(
                    policy.key(task) == key,
                    "key answers another value for %s when time has passed; the host asks for it"
                            + " only when the task is queued or one of its values changes",
                    task);
            require(
                    other.key(task) == key,
                    "two instances with the same settings give %s different keys, %d and %d",
                    task,
                    key,
                    other.key(task));
            require(
                    policy.quantum(task) == slice,
                    "quantum answers different values for %s when asked twice",
                    task);
            require(slice >= 0, "quantum answers %d for %s; 0 means no slice", slice, task);
        }
    }

    void theKeyIsSafeToAskFromSeveralThreads() throws Exception {
        KeyedPolicy policy = (KeyedPolicy) workshop.create();
        List<ContractTask> tasks = workshop.tasks();
        long[] keys = tasks.stream().mapToLong(policy::key).toArray();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<Boolean> asking =
                () -> {
                    start.await(10, TimeUnit.SECONDS);
                    boolean same = true;
                    for (int round = 0; round < ROUNDS; round++) {
                        same &=
                                Arrays.equals(
                                        keys, tasks.stream().mapToLong(policy::key).toArray());
                    }
                    return same;
                };
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) answers.add(executor.submit(asking));
            for (Future<Boolean> answer : answers) {
                require(
                        answer.get(30, TimeUnit.SECONDS),
                        "key answers other values when %d threads ask at once; keep no state in"
                                + " the policy",
                        THREADS);
            }
        }
    }
}
