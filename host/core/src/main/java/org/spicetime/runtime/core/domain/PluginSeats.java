// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.core.memory.PoolListener;
import org.spicetime.runtime.core.plugins.AllocatorPlugin;
import org.spicetime.runtime.core.plugins.Plugin;
import org.spicetime.runtime.core.plugins.PolicyPlugin;
import org.spicetime.runtime.kernel.guard.CallMeter;
import org.spicetime.runtime.kernel.memory.StrategyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.kernel.task.KernelSettings;

/**
 * Which policy and which strategy are in charge of a domain, and why they are not the ones
 * configured. Fields are guarded by the domain's guard; putting a plugin in charge happens under
 * {@code changes}, because making an instance may take a while; losing one takes the guard alone.
 */
final class PluginSeats implements PoolListener {

    private static final Logger LOG = LoggerFactory.getLogger(PluginSeats.class);
    static final String POLICY = "policy";
    static final String ALLOCATOR = "allocator";
    private static final String SAFE_FIFO = "SAFE_FIFO";
    private static final String FIRST_FIT = "FIRST_FIT";

    private final DomainBody body;
    private final PluginTrials trials;

    /* Guarded by the guard. */
    private @Nullable PolicyPlugin policy;
    private @Nullable Ejection policyEjection;
    private @Nullable AllocatorPlugin allocator;
    private @Nullable AllocatorPlugin seating;
    private @Nullable Ejection allocatorEjection;
    private long ejections;

    /* Ejected, while the registry does not know it yet and still offers them. */
    private final Set<Plugin> leaving = new HashSet<>();

    PluginSeats(DomainBody body) {
        this.body = body;
        trials = new PluginTrials(body);
    }

    /** An operator takes a plugin out of this domain; null: it does not use it. */
    @Nullable Ejection eject(PluginKind kind, String name, String message) {
        if (body.hangs() != null || !uses(kind, name)) {
            return null;
        }
        Holdings holdings = body.holdings();
        body.guard.enter();
        try {
            if (kind == PluginKind.SCHEDULING_POLICY && policy != null) {
                body.tasks.run(
                        (kernel, now) -> kernel.fallBack(EjectionReason.OPERATOR, message, now));
                return policyEjection;
            }
        } finally {
            body.guard.leave();
        }
        if (kind != PluginKind.ALLOCATOR || holdings == null) {
            return null;
        }
        holdings.pool().fallBack(EjectionReason.OPERATOR, message);
        return body.state().allocatorEjection();
    }

    @Override
    public void scarce() {
        body.pressure.scarce();
    }

    @Override
    public long promisedElsewhere() {
        return body.node.siblings().unbackedBytes(body.id());
    }

    @Override
    public CallMeter meter() {
        return body.node.watchdog().meterOfBoundedCalls(DomainBody.poolSeat(body.id()));
    }

    @Override
    public void zonesQuarantined() {
        try {
            body.node.control().execute(this::leaveQuarantinedZones);
        } catch (RejectedExecutionException hostStops) {
            LOG.debug("domain={}: a task is stuck while the host stops", body.id());
        }
    }

    private void leaveQuarantinedZones() {
        Holdings holdings = body.holdings();
        if (holdings != null) {
            holdings.pool().leaveQuarantinedZones();
        }
    }

    @Override
    public @Nullable String hangs() {
        return body.hangs();
    }

    String activePolicy() {
        return policy == null ? SAFE_FIFO : policy.name();
    }

    @Nullable Ejection policyEjection() {
        return policyEjection;
    }

    String activeAllocator() {
        return allocator == null ? FIRST_FIT : allocator.name();
    }

    @Nullable Ejection allocatorEjection() {
        return allocatorEjection;
    }

    long ejections() {
        return ejections;
    }

    /** Whether this plugin is in use. */
    boolean uses(PluginKind kind, String name) {
        body.guard.enter();
        try {
            return switch (kind) {
                case SCHEDULING_POLICY -> activePolicy().equals(name);
                case ALLOCATOR -> body.holdings() != null && activeAllocator().equals(name);
                case TASK_HANDLER -> false;
            };
        } finally {
            body.guard.leave();
        }
    }

    /* ---- policy ---- */

    /** An instance of a policy for these settings, not in charge yet. Without the guard. */
    record PreparedPolicy(PolicyPlugin plugin, PolicyBinding binding) {}

    /** Makes an instance; empty: the policy is not deployed now. */
    Optional<PreparedPolicy> preparePolicy(DomainConfig config, KernelSettings settings) {
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
                    return new PreparedPolicy(
                            plugin, PolicyBinding.of(made, plugin.descriptor(), bundleOf(plugin)));
                });
    }

    private static @Nullable String bundleOf(PolicyPlugin plugin) {
        return plugin.bundle() == null ? null : plugin.bundle() + " " + plugin.version();
    }

    /** Puts a prepared policy in charge, unless it has left meanwhile. Under the guard. */
    void install(PreparedPolicy prepared) {
        PolicyPlugin plugin = prepared.plugin();
        boolean present =
                body.node
                        .deployed()
                        .policy(plugin.name(), body.id())
                        .filter(p -> p == plugin)
                        .isPresent();
        if (!present || leaving.contains(plugin)) {
            missingPolicy(plugin.name());
            return;
        }
        body.tasks.run((kernel, now) -> kernel.usePolicy(prepared.binding(), now));
        policy = plugin;
        policyEjection = null;
        body.limitation(POLICY, null);
        body.stateChanged();
        body.node.deployed().registry().usageChanged();
    }

    /** Puts the configured policy in charge if it is there; says what is missing if not. */
    void attachPolicy() {
        DomainConfig config = body.config();
        try {
            Optional<PreparedPolicy> prepared = preparePolicy(config, body.settings(config));
            body.guard.enter();
            try {
                prepared.ifPresentOrElse(
                        this::install, () -> missingPolicy(config.scheduler().policy()));
            } finally {
                body.guard.leave();
            }
        } catch (RefusedException unusable) {
            body.limitation(POLICY, unusable.getMessage() + "; " + activePolicy() + " dispatches");
        }
    }

    private void missingPolicy(String name) {
        if (policy == null) {
            String why =
                    policyEjection == null
                            ? "policy " + name + " is not deployed"
                            : reason(policyEjection);
            body.limitation(POLICY, why + "; " + SAFE_FIFO + " dispatches");
        }
    }

    /** The policy in charge has left: SAFE_FIFO takes over before its service is released. */
    void policyLeft(String name) {
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
    void policyEjected(PolicyEjection ejected, long sinceNanos) {
        PolicyPlugin plugin = policy;
        Ejection ejection =
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
        policyEjection = ejection;
        ejections++;
        body.limitation(POLICY, reason(ejection) + "; " + SAFE_FIFO + " dispatches");
        leaves(plugin);
        body.guard.afterwards(() -> tell(ejection, plugin));
    }

    /** Nobody puts it in charge until its quarantine is known. Under the guard. */
    private void leaves(@Nullable Plugin plugin) {
        if (plugin != null) {
            leaving.add(plugin);
        }
    }

    private void tell(Ejection ejection, @Nullable Plugin ejected) {
        body.node.deployed().registry().eject(ejection.kind(), ejection.name(), ejection);
        body.guard.enter();
        try {
            leaving.remove(ejected);
        } finally {
            body.guard.leave();
        }
    }

    private static String reason(Ejection ejection) {
        return ejection.reason() == EjectionReason.BUNDLE_GONE
                ? ejection.message()
                : ejection.name()
                        + " was ejected ("
                        + ejection.reason()
                        + "): "
                        + ejection.message();
    }

    /* ---- strategy ---- */

    /** The configured strategy as the pool takes it; empty: it is not deployed now. */
    Optional<PreparedStrategy> prepareStrategy(DomainConfig config) {
        return body.node
                .deployed()
                .allocator(config.memory().allocationType(), body.id())
                .map(plugin -> {
                    trials.strategy(plugin, config);
                    Map<String, Object> parameters = config.memory().parameters();
                    Options options = plugin.options(parameters);
                    return new PreparedStrategy(
                            plugin,
                            new StrategyBinding(
                                    new GuardedStrategies(plugin, parameters),
                                    plugin.descriptor(),
                                    options,
                                    plugin.bundle()));
                });
    }

    /** A strategy that can be put in charge. Immutable. */
    record PreparedStrategy(AllocatorPlugin plugin, StrategyBinding binding) {}

    /** Puts a strategy in charge of a pool. Under changes, without the guard. */
    void install(PreparedStrategy prepared, DomainPool pool) {
        AllocatorPlugin plugin = prepared.plugin();
        if (!seating(plugin)) {
            return;
        }
        try {
            pool.useStrategy(prepared.binding());
        } catch (RuntimeException refused) {
            seating(null);
            throw refused;
        }
        body.guard.enter();
        try {
            seating = null;
            // Its first calls may have cost it the seat again.
            if (pool.activeBinding().equals(prepared.binding())) {
                allocator = plugin;
                allocatorEjection = null;
                body.limitation(ALLOCATOR, null);
            }
            body.stateChanged();
            body.node.deployed().registry().usageChanged();
        } finally {
            body.guard.leave();
        }
        // It may have left while it was put in charge; then nobody else does this.
        allocatorLeft(plugin.name());
    }

    /** False: it was ejected a moment ago. */
    private boolean seating(@Nullable AllocatorPlugin plugin) {
        body.guard.enter();
        try {
            seating = leaving.contains(plugin) ? null : plugin;
            return seating == plugin;
        } finally {
            body.guard.leave();
        }
    }

    /** Puts the configured strategy in charge if it is there; says what is missing if not. */
    void attachAllocator(DomainPool pool) {
        DomainConfig config = body.config();
        String name = config.memory().allocationType();
        try {
            Optional<PreparedStrategy> prepared = prepareStrategy(config);
            if (prepared.isPresent()) {
                install(prepared.get(), pool);
            } else if (allocatorEjection() == null) {
                body.limitation(
                        ALLOCATOR,
                        "allocator " + name + " is not deployed; " + FIRST_FIT + " stands in");
            }
        } catch (RefusedException unusable) {
            body.limitation(
                    ALLOCATOR, unusable.getMessage() + "; " + activeAllocator() + " stands in");
        }
    }

    /** The pool is gone; the next one starts with first-fit. */
    void poolClosed() {
        body.guard.enter();
        try {
            allocator = null;
            allocatorEjection = null;
        } finally {
            body.guard.leave();
        }
    }

    /** The strategy in charge has left: first-fit takes over before its service is released. */
    void allocatorLeft(String name) {
        AllocatorPlugin seated;
        body.guard.enter();
        try {
            seated = allocator;
        } finally {
            body.guard.leave();
        }
        Holdings holdings = body.holdings();
        if (seated != null
                && seated.name().equals(name)
                && holdings != null
                && !body.node.deployed().registry().isPresent(PluginKind.ALLOCATOR, seated)) {
            holdings.pool()
                    .fallBack(
                            EjectionReason.BUNDLE_GONE,
                            "the bundle of allocator " + name + " has left");
        }
    }

    /** The strategy that was ejected: the one in charge, or one that is just put there. */
    private @Nullable AllocatorPlugin ejected(@Nullable Object name) {
        AllocatorPlugin newcomer = seating;
        return newcomer != null && newcomer.name().equals(name) ? newcomer : allocator;
    }

    @Override
    public void strategyEjected(
            EjectionReason reason,
            String message,
            Map<String, Object> report,
            Duration switchTime) {
        AllocatorPlugin plugin;
        Ejection ejection;
        body.guard.enter();
        try {
            plugin = ejected(report.get("strategy"));
            ejection =
                    new Ejection(
                            UUID.randomUUID(),
                            body.node.clock().instants().instant(),
                            PluginKind.ALLOCATOR,
                            plugin == null ? String.valueOf(report.get("strategy")) : plugin.name(),
                            plugin == null ? null : plugin.pluginVersion(),
                            plugin == null ? null : plugin.bundle(),
                            plugin == null ? null : plugin.version(),
                            body.id(),
                            reason,
                            message,
                            FIRST_FIT,
                            switchTime,
                            report);
            allocator = null;
            allocatorEjection = ejection;
            ejections++;
            body.limitation(ALLOCATOR, reason(ejection) + "; " + FIRST_FIT + " stands in");
            leaves(plugin);
        } finally {
            body.guard.leave();
        }
        LOG.debug("domain={} incident={} report={}", body.id(), ejection.id(), report);
        tell(ejection, plugin);
    }
}
