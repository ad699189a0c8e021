// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.catalogue.Ejection;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.core.memory.PoolListener;
import org.spicetime.runtime.core.plugins.AllocatorPlugin;
import org.spicetime.runtime.kernel.guard.CallMeter;
import org.spicetime.runtime.kernel.memory.StrategyBinding;

/**
 * Which strategy places the blocks of a domain's pool, and why it is not the one configured; hears
 * what happens to the pool. Fields are guarded by the domain's guard; a strategy is put in charge
 * under {@code changes}, because trying one may take a while; one is lost under the guard alone.
 */
final class StrategySeat implements PoolListener {

    private static final Logger LOG = LoggerFactory.getLogger(StrategySeat.class);
    private static final String ALLOCATOR = "allocator";
    private static final String FIRST_FIT = "FIRST_FIT";

    private final DomainBody body;
    private final PluginTrials trials;
    private final Ejections ejections;

    /* Guarded by the guard; seating: the one that is just being put in charge. */
    private @Nullable AllocatorPlugin allocator;
    private @Nullable AllocatorPlugin seating;
    private @Nullable Ejection ejection;

    /** First-fit is in charge. */
    StrategySeat(DomainBody body, PluginTrials trials, Ejections ejections) {
        this.body = body;
        this.trials = trials;
        this.ejections = ejections;
    }

    /** The name of the strategy in charge. Under the guard. */
    String active() {
        return allocator == null ? FIRST_FIT : allocator.name();
    }

    /** Why the last strategy was taken out of service; null: it was not. Under the guard. */
    @Nullable Ejection ejection() {
        return ejection;
    }

    /** An operator takes the strategy out; null: the domain has no pool now. */
    @Nullable Ejection eject(String message) {
        Holdings holdings = body.holdings();
        if (holdings == null) {
            return null;
        }
        holdings.pool().fallBack(EjectionReason.OPERATOR, message);
        return body.state().allocatorEjection();
    }

    /** The configured strategy as the pool takes it; empty: it is not deployed now. */
    Optional<Prepared> prepare(DomainConfig config) {
        return body.node
                .deployed()
                .allocator(config.memory().allocationType(), body.id())
                .map(plugin -> {
                    trials.strategy(plugin, config);
                    Map<String, Object> parameters = config.memory().parameters();
                    Options options = plugin.options(parameters);
                    return new Prepared(
                            plugin,
                            new StrategyBinding(
                                    new GuardedStrategies(plugin, parameters),
                                    plugin.descriptor(),
                                    options,
                                    plugin.bundle()));
                });
    }

    /** A strategy that can be put in charge. Immutable. */
    record Prepared(AllocatorPlugin plugin, StrategyBinding binding) {}

    /** Puts a strategy in charge of a pool. Under changes, without the guard. */
    void install(Prepared prepared, DomainPool pool) {
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
                ejection = null;
                body.limitation(ALLOCATOR, null);
            }
            body.stateChanged();
            body.node.deployed().registry().usageChanged();
        } finally {
            body.guard.leave();
        }
        // It may have left while it was put in charge; then nobody else does this.
        left(plugin.name());
    }

    /** False: it was ejected a moment ago. */
    private boolean seating(@Nullable AllocatorPlugin plugin) {
        body.guard.enter();
        try {
            seating = ejections.leaves(plugin) ? null : plugin;
            return seating == plugin;
        } finally {
            body.guard.leave();
        }
    }

    /** Puts the configured strategy in charge if it is there; says what is missing if not. */
    void attach(DomainPool pool) {
        DomainConfig config = body.config();
        String name = config.memory().allocationType();
        try {
            Optional<Prepared> prepared = prepare(config);
            if (prepared.isPresent()) {
                install(prepared.get(), pool);
            } else if (ejection() == null) {
                body.limitation(
                        ALLOCATOR,
                        "allocator " + name + " is not deployed; " + FIRST_FIT + " stands in");
            }
        } catch (RefusedException unusable) {
            body.limitation(ALLOCATOR, unusable.getMessage() + "; " + active() + " stands in");
        }
    }

    /** The pool is gone; the next one starts with first-fit. */
    void poolClosed() {
        body.guard.enter();
        try {
            allocator = null;
            ejection = null;
        } finally {
            body.guard.leave();
        }
    }

    /** The strategy in charge has left: first-fit takes over before its service is released. */
    void left(String name) {
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
        Ejection its;
        body.guard.enter();
        try {
            plugin = ejected(report.get("strategy"));
            its =
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
            ejection = its;
            ejections.begin(plugin);
            body.limitation(ALLOCATOR, Ejections.reason(its) + "; " + FIRST_FIT + " stands in");
        } finally {
            body.guard.leave();
        }
        LOG.debug("domain={} incident={} report={}", body.id(), its.id(), report);
        ejections.complete(its, plugin);
    }

    /* ---- what else the pool tells ---- */

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
}
