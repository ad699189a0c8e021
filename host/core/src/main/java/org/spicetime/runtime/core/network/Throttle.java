// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Bytes per second of one domain, by a token bucket that all its connections share. What was moved
 * is charged when it is known, which may put the bucket into debt; whoever wants to move more waits
 * until the debt is paid. So the mean keeps to the limit, and a short burst is a tenth of a
 * second's worth and what connections read at once. Thread-safe.
 */
final class Throttle {
    /** More than a bucket can count: a token per nanosecond. */
    static final double MOST_BYTES_PER_SECOND = 1e9;

    private static final long SHARE_OF_SECOND = 10;

    private volatile @Nullable Bucket bucket;
    private volatile OptionalDouble limit = OptionalDouble.empty();

    /** Another limit from now on; empty: none. The same one changes nothing. */
    synchronized void limit(OptionalDouble bytesPerSecond) {
        if (bytesPerSecond.equals(limit)) {
            return;
        }
        limit = bytesPerSecond;
        bucket = bytesPerSecond.isEmpty() ? null : bucket(bytesPerSecond.getAsDouble());
    }

    private static Bucket bucket(double bytesPerSecond) {
        long perSecond = (long) Math.clamp(bytesPerSecond, 1, MOST_BYTES_PER_SECOND);
        return Bucket.builder()
                .addLimit(bandwidth ->
                        bandwidth
                                .capacity(Math.max(1, perSecond / SHARE_OF_SECOND))
                                .refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }

    OptionalDouble limit() {
        return limit;
    }

    /** So many bytes were moved. */
    void charge(long bytes) {
        Bucket present = bucket;
        if (present != null && bytes > 0) {
            // How long the debt lasts is asked for when more is to be moved.
            long unused = present.consumeIgnoringRateLimits(bytes);
            assert unused >= 0;
        }
    }

    /** How long to wait before more is moved; 0: not at all. */
    long delayNanos() {
        Bucket present = bucket;
        return present == null ? 0 : present.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    }

    /** Does something as soon as more may be moved: at once, or on a thread of the scheduler. */
    void whenReady(Scheduler scheduler, Runnable action) {
        long delay = delayNanos();
        if (delay <= 0) {
            action.run();
        } else {
            var _ = scheduler.schedule(action, delay, TimeUnit.NANOSECONDS);
        }
    }
}
