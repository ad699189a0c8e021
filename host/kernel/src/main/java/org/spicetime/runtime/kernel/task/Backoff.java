// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import java.util.random.RandomGenerator;
import org.spicetime.runtime.api.task.TaskRetry;

/** Delays between attempts. Called by one thread at a time. */
final class Backoff {
    private final RandomGenerator jitter;

    Backoff(RandomGenerator jitter) {
        this.jitter = jitter;
    }

    /**
     * The delay before a retry.
     *
     * @param number of the retry, from 1
     * @return nanoseconds, at most the largest delay; the random share shortens it
     */
    long delayNanos(TaskRetry retry, int number) {
        double initial = Now.saturatedNanos(retry.initialDelay());
        double full =
                switch (retry.backoff()) {
                    case NONE -> 0;
                    case FIXED -> initial;
                    case LINEAR -> initial * number;
                    case EXPONENTIAL -> initial * Math.pow(retry.multiplier(), number - 1.0);
                };
        double capped = Math.min(full, (double) Now.saturatedNanos(retry.maxDelay()));
        return retry.jitter() == 0
                ? (long) capped
                : (long) (capped * (1 - retry.jitter() * jitter.nextDouble()));
    }
}
