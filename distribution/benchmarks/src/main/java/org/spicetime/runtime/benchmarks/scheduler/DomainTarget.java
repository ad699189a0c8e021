// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.scheduler;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.spicetime.runtime.api.domain.ConfigPatch;
import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.task.TaskDefaults;
import org.spicetime.runtime.benchmarks.Lab;

/** A domain with one executor view per level; under EDF a higher level has an earlier deadline. */
final class DomainTarget implements Target {
    private final Lab lab;
    private final String policy;
    private final Domain domain;
    private final ExecutorService[] views = new ExecutorService[LEVELS];

    DomainTarget(Lab lab, String policy, int workers) throws InterruptedException {
        this.lab = lab;
        this.policy = policy;
        domain =
                lab.domain(
                        new ConfigPatch(
                                Map.of(
                                        "scheduler",
                                        Map.of(
                                                "policy",
                                                policy,
                                                "priorities",
                                                Map.of("min", 0, "max", LEVELS - 1, "default", 0)),
                                        "executor",
                                        Map.of("parallelism", workers, "queueCapacity", 0))));
        for (int level = 0; level < LEVELS; level++)
            views[level] = domain.executor(ofLevel(policy, level));
    }

    /* The peers have no deadlines; where no policy orders by them, ours have none either. */
    private static TaskDefaults ofLevel(String policy, int level) {
        TaskDefaults tasks = TaskDefaults.of("level " + level).withPriority(level);
        return "EDF".equals(policy)
                ? tasks.withRelativeDeadline(Duration.ofMillis(1 + LEVELS - level))
                : tasks;
    }

    Domain domain() {
        return domain;
    }

    @Override
    public String name() {
        return policy;
    }

    @Override
    public void submit(Runnable task, int level) {
        views[level].execute(task);
    }

    @Override
    public void close() {
        try {
            lab.delete(domain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
