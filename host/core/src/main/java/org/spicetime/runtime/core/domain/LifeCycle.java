// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.RuntimeStatus;

/**
 * The state of a domain and why it is not well. DEGRADED is RUNNING with at least one reason.
 * Guarded by the domain's guard.
 */
final class LifeCycle {

    private RuntimeStatus base = RuntimeStatus.CREATED;
    private @Nullable String failure;
    private @Nullable Instant startedAt;
    private final Map<String, String> reasons = new LinkedHashMap<>();

    RuntimeStatus status() {
        return base == RuntimeStatus.RUNNING && !reasons.isEmpty() ? RuntimeStatus.DEGRADED : base;
    }

    /** Why it is not RUNNING, in one sentence; null when it is well. */
    @Nullable String reason() {
        return switch (base) {
            case FAILED -> failure;
            case PAUSED -> "paused on request";
            case DRAINING -> "runs the admitted tasks to their end and admits no more";
            case RUNNING, STARTING ->
                    reasons.isEmpty() ? null : String.join("; ", reasons.values());
            case CREATED, STOPPING, STOPPED, DEGRADED -> null;
        };
    }

    /** Why it is not as it should be, by what is limited. */
    Map<String, String> limitations() {
        return new LinkedHashMap<>(reasons);
    }

    @Nullable Instant startedAt() {
        return startedAt;
    }

    /** The state without regard to limitations. */
    RuntimeStatus base() {
        return base;
    }

    void enter(RuntimeStatus next) {
        base = next;
        if (next != RuntimeStatus.FAILED) {
            failure = null;
        }
        if (next == RuntimeStatus.STOPPED || next == RuntimeStatus.FAILED) {
            startedAt = null;
            reasons.clear();
        }
    }

    void started(Instant at) {
        startedAt = at;
        enter(RuntimeStatus.RUNNING);
    }

    void failed(String why) {
        enter(RuntimeStatus.FAILED);
        failure = why;
    }

    /** A limitation begins; true: something changed. */
    boolean degraded(String what, String why) {
        return !why.equals(reasons.put(what, why));
    }

    /** A limitation ends; true: something changed. */
    boolean recovered(String what) {
        return reasons.remove(what) != null;
    }

    /** Whether new tasks are admitted. */
    boolean admits() {
        return switch (base) {
            case STARTING, RUNNING, PAUSED -> true;
            case CREATED, DEGRADED, DRAINING, STOPPING, STOPPED, FAILED -> false;
        };
    }

    /** Whether ready tasks are dispatched. */
    boolean dispatches() {
        return base == RuntimeStatus.RUNNING || base == RuntimeStatus.DRAINING;
    }

    /** Whether it holds a pool, workers and a network client. */
    boolean holdsResources() {
        return switch (base) {
            case RUNNING, PAUSED, DRAINING -> true;
            case CREATED, STARTING, DEGRADED, STOPPING, STOPPED, FAILED -> false;
        };
    }
}
