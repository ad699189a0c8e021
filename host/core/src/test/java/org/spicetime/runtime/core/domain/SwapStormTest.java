// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.RuntimeMetrics;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;

/**
 * Policies change places as fast as they can while light tasks pour through a domain; none may be
 * lost or run twice. {@code -Dtest.long=true} makes it 10⁸ tasks instead of 10⁷.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SwapStormTest {

    private static final boolean LONG = Boolean.getBoolean("test.long");
    private static final int TASKS = LONG ? 100_000_000 : 10_000_000;
    private static final int SWAPS = 1_000;
    private static final int PRODUCERS = 2;
    private static final int AHEAD = 20_000;

    /* A bit for each task. */
    private final AtomicIntegerArray ran = new AtomicIntegerArray(TASKS / Integer.SIZE + 1);
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong twice = new AtomicLong();

    private void run(int number) {
        int bit = 1 << (number % Integer.SIZE);
        if ((ran.getAndUpdate(number / Integer.SIZE, bits -> bits | bit) & bit) != 0) {
            twice.incrementAndGet();
        }
        done.incrementAndGet();
    }

    @Test
    void noTaskIsLostOrRunsTwiceWhileThePolicyChangesAThousandTimes() throws Exception {
        try (TestHost host = new TestHost()) {
            Domain domain = host.domain("storm", Map.of("scheduler", Map.of("policy", "PRIORITY")));
            DomainTasks tasks = host.domains.hosted(domain.id()).orElseThrow().body().tasks;
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> producers = new ArrayList<>();
            for (int p = 0; p < PRODUCERS; p++) {
                int first = p;
                producers.add(Thread.ofPlatform().start(() -> produce(domain, first)));
            }
            int[] swaps = new int[1];
            Thread swapper = Thread.ofPlatform().start(() -> swaps[0] = swap(tasks, over));
            for (Thread producer : producers) {
                producer.join();
            }
            TestHost.until(() -> done.get() >= TASKS);
            over.set(true);
            swapper.join();
            TestHost.until(() -> domain.metrics().tasksCompleted() == TASKS);

            RuntimeMetrics metrics = domain.metrics();
            assertThat(twice).hasValue(0);
            assertThat(done).hasValue(TASKS);
            assertThat(swaps[0]).isGreaterThanOrEqualTo(SWAPS);
            assertThat(metrics.tasksScheduled()).isEqualTo(TASKS);
            assertThat(metrics.tasksFailed()).isZero();
            assertThat(metrics.tasksPending() + metrics.tasksRunning() + metrics.tasksBlocked())
                    .isZero();
            assertThat(metrics.ejections()).isZero();
            System.out.printf("%d light tasks, %d changes of policy%n", TASKS, swaps[0]);
        }
    }

    private void produce(Domain domain, int first) {
        ExecutorService[] views = new ExecutorService[4];
        for (int i = 0; i < views.length; i++) {
            views[i] = domain.executor(TaskDefaults.of("storm").withPriority(i * 10));
        }
        int submitted = 0;
        for (int number = first; number < TASKS; number += PRODUCERS) {
            int task = number;
            views[number % views.length].execute(() -> run(task));
            if (++submitted % 256 == 0) {
                while ((long) submitted * PRODUCERS - done.get() > AHEAD) {
                    LockSupport.parkNanos(10_000);
                }
            }
        }
    }

    /* Through the kernel, as a change of the configuration ends in it; trials would take most of the time. */
    private static int swap(DomainTasks tasks, AtomicBoolean over) {
        PolicyBinding priority = tasks.with(kernel -> kernel.activePolicy());
        PolicyBinding fallback = org.spicetime.runtime.kernel.scheduling.SafeFifo.BINDING;
        int swaps = 0;
        while (!over.get() || swaps < SWAPS) {
            PolicyBinding next = swaps % 2 == 0 ? fallback : priority;
            tasks.run((kernel, now) -> kernel.usePolicy(next, now));
            swaps++;
            LockSupport.parkNanos(1_000_000);
        }
        return swaps;
    }
}
