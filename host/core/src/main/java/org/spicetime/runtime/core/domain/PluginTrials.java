// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.core.plugins.AllocatorPlugin;
import org.spicetime.runtime.core.plugins.Plugin;
import org.spicetime.runtime.core.plugins.PolicyPlugin;
import org.spicetime.runtime.core.plugins.TrialFault;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.kernel.task.DomainKernel;

/**
 * Tries plugins before a domain depends on them. One that fails is quarantined with an incident,
 * and whatever wanted it is refused; what is in charge goes on. Thread-safe; waits for the plugin,
 * so no lock of the domain may be held.
 */
final class PluginTrials {

    private final DomainBody body;

    PluginTrials(DomainBody body) {
        this.body = body;
    }

    /**
     * Tries a policy with tasks like those that are queued now.
     *
     * @throws RefusedException SCHEDULER_ERROR if it fails; BAD_USER_INPUT if a parameter does not
     *     fit
     */
    void policy(PolicyPlugin plugin, PolicyEnvironment environment, DomainConfig config) {
        TrialFault fault =
                plugin.tryOut(
                        environment,
                        config.scheduler().parameters(),
                        body.tasks.with(DomainKernel::readySample));
        if (fault != null) {
            throw failed(
                    PluginKind.SCHEDULING_POLICY,
                    "scheduler.policy",
                    plugin,
                    fault,
                    body.state().activePolicy());
        }
    }

    /**
     * Tries an allocation strategy on a pool of the size of the domain's.
     *
     * @throws RefusedException SCHEDULER_ERROR if it fails; BAD_USER_INPUT if a parameter does not
     *     fit, CONFLICT if the pool does not suit it
     */
    void strategy(AllocatorPlugin plugin, DomainConfig config) {
        TrialFault fault =
                plugin.tryOut(config.memory().poolSizeBytes(), config.memory().parameters());
        if (fault != null) {
            throw failed(
                    PluginKind.ALLOCATOR,
                    "memory.allocationType",
                    plugin,
                    fault,
                    body.state().activeAllocator());
        }
    }

    private RefusedException failed(
            PluginKind kind, String field, Plugin plugin, TrialFault fault, String stays) {
        Ejection incident =
                new Ejection(
                        UUID.randomUUID(),
                        body.node.clock().instants().instant(),
                        kind,
                        plugin.name(),
                        plugin.pluginVersion(),
                        plugin.bundle(),
                        plugin.version(),
                        body.id(),
                        fault.reason(),
                        "before it was put in charge: " + fault.message(),
                        stays,
                        Duration.ZERO,
                        fault.report());
        body.node.deployed().registry().eject(kind, plugin.name(), incident);
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("field", field);
        details.put("reason", "TRIAL_FAILED");
        details.put("plugin", plugin.name());
        details.put("ejectionReason", fault.reason().name());
        details.put("incident", incident.id().toString());
        putIfPresent(details, "bundle", plugin.bundle());
        putIfPresent(details, "bundleVersion", plugin.version());
        return new RefusedException(
                RuntimeErrorCode.SCHEDULER_ERROR,
                "%s: %s of bundle %s %s failed its trial (%s): %s; it is quarantined, nothing was changed"
                        .formatted(
                                field,
                                plugin.name(),
                                plugin.bundle(),
                                plugin.version(),
                                fault.reason(),
                                fault.message()),
                details);
    }

    private static void putIfPresent(
            Map<String, Object> details, String name, @Nullable Object value) {
        if (value != null) {
            details.put(name, value);
        }
    }
}
