// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.TaskDemand;

/** Makes instances of plugins under guard. Thread-safe. */
final class Factories {

    private static final Logger LOG = LoggerFactory.getLogger(Factories.class);

    private final PluginGuard guard;

    Factories(PluginGuard guard) {
        this.guard = guard;
    }

    <T> T make(String field, Plugin plugin, Callable<@Nullable T> code) {
        PluginOrigin origin = plugin.origin();
        try {
            @Nullable T made =
                    origin == null
                            ? builtIn(code)
                            : guard.<@Nullable T>call("create()", origin, code);
            if (made == null) {
                throw new PluginFailure("create() answered null", null);
            }
            return made;
        } catch (PluginFailure failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            LOG.error(
                    "{} {} of bundle {}: {}",
                    field,
                    plugin.name(),
                    origin,
                    failure.sentence(),
                    failure.getCause());
            throw refusal(field, plugin, failure);
        }
    }

    /** Runs a trial; what the plugin is at fault for; null: nothing. */
    @Nullable TrialFault tried(Plugin plugin, Callable<@Nullable TrialFault> trial) {
        PluginOrigin origin = plugin.origin();
        if (origin == null) {
            return null;
        }
        try {
            return guard.<@Nullable TrialFault>call("its trial", origin, trial);
        } catch (PluginFailure failure) {
            if (failure.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            return new TrialFault(
                    failure.getCause() instanceof TimeoutException
                            ? EjectionReason.HUNG
                            : EjectionReason.EXCEPTION,
                    failure.sentence(),
                    Map.of());
        }
    }

    /** Runs a schedulability test; what goes wrong is told as a verdict. */
    Analysis analysed(
            Plugin plugin, List<TaskDemand> tasks, Callable<@Nullable Analysis> analysis) {
        PluginOrigin origin = plugin.origin();
        String wrong;
        try {
            @Nullable Analysis answer =
                    origin == null
                            ? builtIn(analysis)
                            : guard.<@Nullable Analysis>call("analyse()", origin, analysis);
            if (answer != null) {
                return answer;
            }
            wrong = "analyse() answered null";
        } catch (PluginFailure failure) {
            LOG.error(
                    "{} of bundle {}: {}",
                    plugin.name(),
                    origin,
                    failure.sentence(),
                    failure.getCause());
            wrong = failure.sentence();
        }
        double utilisation = 0;
        for (TaskDemand task : tasks) {
            utilisation += task.utilisation();
        }
        return new Analysis(
                Analysis.Verdict.UNKNOWN,
                utilisation,
                OptionalDouble.empty(),
                List.of(),
                Optional.empty(),
                "cannot be told: the test of " + plugin.name() + " failed: " + wrong);
    }

    private static <T> @Nullable T builtIn(Callable<@Nullable T> code) throws PluginFailure {
        try {
            return code.call();
        } catch (Exception e) {
            throw new PluginFailure("create() threw " + e, e);
        }
    }

    private static RefusedException refusal(String field, Plugin plugin, PluginFailure failure) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("field", field);
        details.put("reason", "PLUGIN_FAILED");
        details.put("plugin", plugin.name());
        PluginOrigin origin = plugin.origin();
        if (origin != null) {
            details.put("bundle", origin.bundle());
            details.put("bundleVersion", origin.version());
        }
        return new RefusedException(
                RuntimeErrorCode.SCHEDULER_ERROR,
                "%s: %s of bundle %s cannot be used: %s; nothing was changed"
                        .formatted(
                                field,
                                plugin.name(),
                                origin == null ? "(built in)" : origin,
                                failure.sentence()),
                details);
    }
}
