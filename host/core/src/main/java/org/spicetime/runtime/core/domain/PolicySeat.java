// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.core.plugins.PolicyPlugin;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.kernel.task.KernelSettings;

/**
 * Which policy dispatches in a domain, and why it is not the one configured. Fields are guarded by
 * the domain's guard; a policy is put in charge under {@code changes}, because making an instance
 * may take a while; one is lost under the guard alone.
 */
final class PolicySeat {

    private static final String POLICY = "policy";
    private static final String SAFE_FIFO = "SAFE_FIFO";

    private final DomainBody body;
    private final PluginTrials trials;
    private final Ejections ejections;

    /* Guarded by the guard. */
    private @Nullable PolicyPlugin policy;
    private @Nullable Ejection ejection;

    /** SAFE_FIFO is in charge. */
    PolicySeat(DomainBody body, PluginTrials trials, Ejections ejections) {
        this.body = body;
        this.trials = trials;
        this.ejections = ejections;
    }

    /** The name of the policy in charge. Under the guard. */
    String active() {
        return policy == null ? SAFE_FIFO : policy.name();
    }

    /** Why the last policy was taken out of service; null: it was not. Under the guard. */
    @Nullable Ejection ejection() {
        return ejection;
    }

    /** An operator takes the policy out; null: SAFE_FIFO is in charge already. */
    @Nullable Ejection eject(String message) {
        body.guard.enter();
        try {
            if (policy == null) {
                return null;
            }
            body.tasks.run((kernel, now) -> kernel.fallBack(EjectionReason.OPERATOR, message, now));
            return ejection;
        } finally {
            body.guard.leave();
        }
    }

    /** An instance of a policy for these settings, not in charge yet. Without the guard. */
    record Prepared(PolicyPlugin plugin, PolicyBinding binding) {}

    /** Makes an instance; empty: the policy is not deployed now. */
    Optional<Prepared> prepare(DomainConfig config, KernelSettings settings) {
        return body.node
                .deployed()
                .policy(config.scheduler().policy(), body.id())
                .map(plugin -> {
                    PolicyEnvironment environment =
                            new PolicyEnvironment(
                                    body.node.clock().nanos(),
                                    RandomGenerator.getDefault(),
                                    settings.slots(),
                                    settings.priorities().min(),
                                    settings.priorities().max(),
                                    settings.quantumNanos());
                    trials.policy(plugin, environment, config);
                    Policy made = plugin.create(environment, config.scheduler().parameters());
                    return new Prepared(
                            plugin, PolicyBinding.of(made, plugin.descriptor(), bundleOf(plugin)));
                });
    }

    private static @Nullable String bundleOf(PolicyPlugin plugin) {
        return plugin.bundle() == null ? null : plugin.bundle() + " " + plugin.version();
    }

    /** Puts a prepared policy in charge, unless it has left meanwhile. Under the guard. */
    void install(Prepared prepared) {
        PolicyPlugin plugin = prepared.plugin();
        boolean present =
                body.node
                        .deployed()
                        .policy(plugin.name(), body.id())
                        .filter(p -> p == plugin)
                        .isPresent();
        if (!present || ejections.leaves(plugin)) {
            missing(plugin.name());
            return;
        }
        body.tasks.run((kernel, now) -> kernel.usePolicy(prepared.binding(), now));
        policy = plugin;
        ejection = null;
        body.limitation(POLICY, null);
        body.stateChanged();
        body.node.deployed().registry().usageChanged();
    }

    /** Puts the configured policy in charge if it is there; says what is missing if not. */
    void attach() {
        DomainConfig config = body.config();
        try {
            Optional<Prepared> prepared = prepare(config, body.settings(config));
            body.guard.enter();
            try {
                prepared.ifPresentOrElse(this::install, () -> missing(config.scheduler().policy()));
            } finally {
                body.guard.leave();
            }
        } catch (RefusedException unusable) {
            body.limitation(POLICY, unusable.getMessage() + "; " + active() + " dispatches");
        }
    }

    private void missing(String name) {
        if (policy == null) {
            String why =
                    ejection == null
                            ? "policy " + name + " is not deployed"
                            : Ejections.reason(ejection);
            body.limitation(POLICY, why + "; " + SAFE_FIFO + " dispatches");
        }
    }

    /** The policy in charge has left: SAFE_FIFO takes over before its service is released. */
    void left(String name) {
        body.guard.enter();
        try {
            PolicyPlugin seated = policy;
            if (seated != null
                    && seated.name().equals(name)
                    && !body.node
                            .deployed()
                            .registry()
                            .isPresent(PluginKind.SCHEDULING_POLICY, seated)) {
                body.tasks.run((kernel, now) ->
                        kernel.fallBack(
                                EjectionReason.BUNDLE_GONE,
                                "the bundle of policy " + name + " has left",
                                now));
            }
        } finally {
            body.guard.leave();
        }
    }

    /** The kernel took the policy out of service. Inside the guard. */
    void ejected(PolicyEjection ejected, long sinceNanos) {
        PolicyPlugin plugin = policy;
        Ejection its =
                new Ejection(
                        UUID.randomUUID(),
                        body.node.clock().instants().instant(),
                        PluginKind.SCHEDULING_POLICY,
                        ejected.ejected().name(),
                        ejected.ejected().version(),
                        plugin == null ? ejected.ejected().bundle() : plugin.bundle(),
                        plugin == null ? null : plugin.version(),
                        body.id(),
                        ejected.reason(),
                        ejected.message(),
                        SAFE_FIFO,
                        Duration.ofNanos(
                                Math.max(0, body.node.clock().nanos().getAsLong() - sinceNanos)),
                        ejected.report());
        policy = null;
        ejection = its;
        ejections.begin(plugin);
        body.limitation(POLICY, Ejections.reason(its) + "; " + SAFE_FIFO + " dispatches");
        body.guard.afterwards(() -> ejections.complete(its, plugin));
    }
}
