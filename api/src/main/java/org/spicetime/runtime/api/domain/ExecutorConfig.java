// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Duration;
import java.util.Objects;

/**
 * The workers and the run queue of a domain. Immutable.
 *
 * @param parallelism tasks that may run at the same time, 1 to 1024
 * @param workStealing whether an idle worker takes tasks from a busy one; has no effect under a
 *     strict policy
 * @param batchSize tasks taken from the queue at a time, 1 to 1024; has no effect under a strict
 *     policy
 * @param queuePolicy order among tasks the policy ranks equal
 * @param queueCapacity most tasks admitted and unfinished; 0: unbounded
 * @param overflowPolicy what a full queue does
 * @param maxWait longest wait for room under {@link OverflowPolicy#WAIT}
 */
public record ExecutorConfig(
        int parallelism,
        boolean workStealing,
        int batchSize,
        QueuePolicy queuePolicy,
        int queueCapacity,
        OverflowPolicy overflowPolicy,
        Duration maxWait) {
    public ExecutorConfig {
        Objects.requireNonNull(queuePolicy, "queuePolicy");
        Objects.requireNonNull(overflowPolicy, "overflowPolicy");
        if (parallelism < 1 || parallelism > 1024)
            throw new IllegalArgumentException(
                    "executor.parallelism must be 1 .. 1024, was " + parallelism);
        if (batchSize < 1 || batchSize > 1024)
            throw new IllegalArgumentException(
                    "executor.batchSize must be 1 .. 1024, was " + batchSize);
        if (queueCapacity < 0)
            throw new IllegalArgumentException(
                    "executor.queueCapacity must be 0 or more, was " + queueCapacity);
        if (maxWait.isNegative())
            throw new IllegalArgumentException(
                    "executor.maxWait must be 0 or more, was " + maxWait);
    }
}
