// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;

/**
 * The two seats a domain has for plugins: a policy dispatches its tasks, a strategy places its
 * blocks. Here is what concerns whichever of them a kind of plugin sits on.
 */
final class PluginSeats {

    final PolicySeat policy;
    final StrategySeat strategy;

    private final DomainBody body;
    private final Ejections ejections;

    PluginSeats(DomainBody body) {
        this.body = body;
        ejections =
                new Ejections(
                        body.guard,
                        ejection ->
                                body.node
                                        .deployed()
                                        .registry()
                                        .eject(ejection.kind(), ejection.name(), ejection));
        PluginTrials trials = new PluginTrials(body);
        policy = new PolicySeat(body, trials, ejections);
        strategy = new StrategySeat(body, trials, ejections);
    }

    /** An operator takes a plugin out of this domain; null: it does not use it. */
    @Nullable Ejection eject(PluginKind kind, String name, String message) {
        if (body.hangs() != null || !uses(kind, name)) {
            return null;
        }
        return switch (kind) {
            case SCHEDULING_POLICY -> policy.eject(message);
            case ALLOCATOR -> strategy.eject(message);
            case TASK_HANDLER -> null;
        };
    }

    /** Whether this plugin is in use. */
    boolean uses(PluginKind kind, String name) {
        body.guard.enter();
        try {
            return switch (kind) {
                case SCHEDULING_POLICY -> policy.active().equals(name);
                case ALLOCATOR -> body.holdings() != null && strategy.active().equals(name);
                case TASK_HANDLER -> false;
            };
        } finally {
            body.guard.leave();
        }
    }

    /** The bundle of a plugin has left: what is built in takes over before its service goes. */
    void left(PluginKind kind, String name) {
        switch (kind) {
            case SCHEDULING_POLICY -> policy.left(name);
            case ALLOCATOR -> strategy.left(name);
            case TASK_HANDLER -> {}
        }
    }

    /** How many plugins have been ejected. Under the guard. */
    long ejections() {
        return ejections.count();
    }
}
