// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.MemoryConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeError;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.core.memory.swap.SwapListener;

/** Swapping of the pool of a domain: as configured, and what is told of it. Thread-safe. */
final class DomainSwap implements SwapListener {
    private static final Logger LOG = LoggerFactory.getLogger(DomainSwap.class);

    private final DomainBody body;

    DomainSwap(DomainBody body) {
        this.body = body;
    }

    /** A pool is new. One that cannot swap is a pool all the same; the domain tells why. */
    void open(DomainPool pool, MemoryConfig config) {
        body.alerts.pool(true);
        pool.swap().listener(this);
        try {
            configure(pool, config);
        } catch (RefusedException noFile) {
            String message = String.valueOf(noFile.getMessage());
            LOG.warn("{}", message);
            swapFailed(message);
        }
    }

    /** Whether a pool does not swap as configured, because its file failed or could not be made. */
    boolean off(DomainPool pool, MemoryConfig config) {
        return pool.swap().failure() != null || pool.swap().policy() != config.swapPolicy();
    }

    /**
     * Swaps as the next configuration says.
     *
     * @param again whether the policy is named, which is to try again after a failure
     * @return what undoes it
     */
    Runnable change(DomainPool pool, MemoryConfig before, MemoryConfig after, boolean again) {
        boolean other =
                before.swapPolicy() != after.swapPolicy()
                        || before.effectiveSwapLimitBytes() != after.effectiveSwapLimitBytes();
        if (!other && !again) {
            return () -> {};
        }
        configure(pool, after);
        return () -> configure(pool, before);
    }

    private void configure(DomainPool pool, MemoryConfig config) {
        pool.swap()
                .configure(
                        config.swapPolicy(),
                        config.effectiveSwapLimitBytes(),
                        body.node.swapFiles());
        body.alerts.swapOff(null);
    }

    @Override
    public void swapFailed(String message) {
        body.alerts.swapOff(message);
        tell(RuntimeErrorCode.RESOURCE_EXHAUSTED, message, null);
    }

    @Override
    public void swapDamaged(TaskId task, String message) {
        body.alerts.swapDamaged(message);
        tell(RuntimeErrorCode.RESOURCE_EXHAUSTED, message, task);
    }

    @Override
    public void thrashing(boolean begins, double ratio) {
        if (!begins) {
            LOG.info("domain={} the pool does not thrash any more", body.id());
            body.alerts.thrashes(null, ratio);
            return;
        }
        String message =
                ("domain %s: the pool thrashes: %.0f percent of all pins find their block swapped out;"
                                + " new allocations swap nothing out until that is over; run fewer"
                                + " tasks at a time, or raise memory.poolSize")
                        .formatted(body.id(), 100 * ratio);
        LOG.warn("{}", message);
        body.alerts.thrashes(message, ratio);
        tell(RuntimeErrorCode.MEMORY_PRESSURE, message, null);
    }

    private void tell(RuntimeErrorCode code, String message, @Nullable TaskId task) {
        body.errors.add(new RuntimeError(code, message, body.id().value(), task, Map.of()));
    }
}
