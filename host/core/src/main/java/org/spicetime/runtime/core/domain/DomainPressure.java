// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.GcStrategy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.MemoryMetrics;
import org.spicetime.runtime.api.memory.MemoryPressure;
import org.spicetime.runtime.api.memory.PressureLevel;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.core.memory.pressure.PressureGauge;
import org.spicetime.runtime.core.memory.pressure.StallWindows;

/**
 * What is done about the pressure of a domain's memory, in this order: listeners are told, from
 * HIGH on the pool is collected, and at CRITICAL tasks that ask for memory are refused, those that
 * are not more urgent than the default at once, the others when a second has not helped.
 *
 * <p>Thread-safe; {@link #sample} is called by the sampler thread alone.
 */
final class DomainPressure {

    private static final Logger LOG = LoggerFactory.getLogger(DomainPressure.class);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_AFTER_MILLIS = 1000;
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofSeconds(StallWindows.LONGEST_SECONDS);

    private final DomainBody body;
    private final PressureGauge gauge;
    private final StallWindows stalls = new StallWindows();
    private final AtomicBoolean relieving = new AtomicBoolean();

    /* Of the thread that relieves. */
    private boolean collected;
    private long collectedAt;

    /* Whose waits were read last; of the sampler thread. */
    private @Nullable DomainPool measured;

    DomainPressure(DomainBody body) {
        this.body = body;
        gauge = new PressureGauge(body.id());
    }

    /** Reads the waits, compares the use with the levels, and has done what follows. */
    void sample() {
        DomainPool pool = pool();
        if (pool != measured) {
            measured = pool;
            stalls.clear();
        }
        if (pool != null) {
            stalls.add(nanos(), pool.waits().waitedNanos());
        }
        if (look(pool) != PressureLevel.NONE || gauge.untold()) {
            wake();
        }
    }

    /** Memory was refused to somebody: what can be done is done now. Any thread. */
    void scarce() {
        wake();
    }

    private void wake() {
        if (relieving.compareAndSet(false, true)) {
            body.node.relief().thread().execute(this::relieve);
        }
    }

    private void relieve() {
        relieving.set(false);
        DomainPool pool = pool();
        PressureLevel level = look(pool);
        MemoryPressure change = gauge.takeChange(nanos());
        if (change != null) {
            log(change);
            body.alerts.pressure(change);
            body.node.relief().listeners().tell(change);
        }
        if (pool != null && level.compareTo(PressureLevel.HIGH) >= 0 && collects()) {
            pool.collect(false);
            look(pool);
        }
    }

    /** Whether a collection is wanted and due. */
    private boolean collects() {
        long now = nanos();
        if (body.config().memory().garbageCollection().strategy() == GcStrategy.NONE
                || collected && now - collectedAt < SECOND_NANOS) {
            return false;
        }
        collected = true;
        collectedAt = now;
        return true;
    }

    private void log(MemoryPressure change) {
        if (change.level().compareTo(change.former()) > 0) {
            LOG.warn(
                    "domain={} memory pressure is {}: {} of {} bytes are used",
                    change.domain(),
                    change.level(),
                    change.usedBytes(),
                    change.totalBytes());
        } else {
            LOG.info("domain={} memory pressure is back to {}", change.domain(), change.level());
        }
    }

    /**
     * Refuses a task that asks for memory while there is none left to speak of.
     *
     * @throws RefusedException MEMORY_PRESSURE
     */
    void check(TaskRequest request) {
        DomainPool pool = pool();
        if (pool == null || request.memory().isEmpty()) {
            return;
        }
        PressureLevel level = look(pool);
        if (level != PressureLevel.CRITICAL) {
            return;
        }
        DomainConfig config = body.config();
        int usual = config.scheduler().priorities().defaultPriority();
        int priority = request.priority().orElse(usual);
        if (priority > usual && gauge.criticalNanos(nanos()) < SECOND_NANOS) {
            return;
        }
        DomainPool.Use use = pool.use();
        wake();
        throw new RefusedException(
                RuntimeErrorCode.MEMORY_PRESSURE,
                ("memory: %d of %d bytes of the pool of domain \"%s\" are used (%s), so no task that"
                                + " asks for memory is admitted; try again in %d ms, raise"
                                + " memory.poolSize or the grant, or let running tasks end")
                        .formatted(
                                use.usedBytes(),
                                use.totalBytes(),
                                body.id(),
                                level,
                                RETRY_AFTER_MILLIS),
                Map.of(
                        "domain",
                        body.id().value(),
                        "field",
                        "memory",
                        "level",
                        level.name(),
                        "retryAfterMs",
                        RETRY_AFTER_MILLIS,
                        "used",
                        use.usedBytes(),
                        "limit",
                        use.totalBytes(),
                        "requested",
                        request.memory().getAsLong()));
    }

    /** The same pool with its pressure. */
    MemoryMetrics complete(MemoryMetrics pool) {
        int workers = body.config().executor().parallelism();
        OptionalDouble tenSeconds = stalls.over(TEN_SECONDS, workers);
        return pool.with(gauge.level(), tenSeconds, stalls.over(MINUTE, workers));
    }

    private PressureLevel look(@Nullable DomainPool pool) {
        DomainPool.Use use = pool == null ? DomainPool.Use.NONE : pool.use();
        return gauge.observe(use.usedBytes(), use.totalBytes(), nanos());
    }

    private @Nullable DomainPool pool() {
        Holdings held = body.holdings();
        return held == null ? null : held.pool();
    }

    private long nanos() {
        return body.node.clock().nanos().getAsLong();
    }
}
