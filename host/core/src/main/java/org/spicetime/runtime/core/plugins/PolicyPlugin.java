// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.plugins;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.AdmissionMode;
import org.spicetime.runtime.api.scheduler.Analysis;
import org.spicetime.runtime.api.scheduler.Budget;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulabilityTest;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.TaskDemand;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.scheduling.PolicyTrial;

/** A scheduling policy that can be chosen now. Thread-safe. */
public final class PolicyPlugin implements Plugin {

    private static final String FIELD = "scheduler.parameters";

    private final SchedulingPolicyFactory factory;
    private final PolicyDescriptor descriptor;
    private final @Nullable PluginOrigin origin;
    private final Factories factories;
    private final Optional<SchedulabilityTest> test;

    PolicyPlugin(
            SchedulingPolicyFactory factory,
            PolicyDescriptor descriptor,
            Optional<SchedulabilityTest> test,
            @Nullable PluginOrigin origin,
            Factories factories) {
        this.factory = factory;
        this.descriptor = descriptor;
        this.test = test;
        this.origin = origin;
        this.factories = factories;
    }

    /** What it is, as it said once. */
    public PolicyDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public String name() {
        return descriptor.name();
    }

    @Override
    public String pluginVersion() {
        return descriptor.version();
    }

    @Override
    public @Nullable PluginOrigin origin() {
        return origin;
    }

    /**
     * Parameters with defaults filled in.
     *
     * @throws RefusedException BAD_USER_INPUT if one does not fit
     */
    public Options options(Map<String, Object> parameters) {
        return OptionValues.of(descriptor.options(), parameters, FIELD);
    }

    /**
     * Makes an instance for one domain. Waits for the plugin, so no lock may be held.
     *
     * @throws RefusedException BAD_USER_INPUT if a parameter does not fit, SCHEDULER_ERROR if the
     *     plugin threw, answered nothing or took too long
     */
    public Policy create(PolicyContext context, Map<String, Object> parameters) {
        Options options = options(parameters);
        return factories.make("scheduler.policy", this, () -> factory.create(context, options));
    }

    /**
     * Tries an instance that nobody needs. Waits for the plugin, so no lock may be held.
     *
     * @param context of the domain; its clock and chance are replaced by those of the trial
     * @param shown tasks of its queue
     * @return what it is at fault for; null: nothing was found, or it is built in
     * @throws RefusedException BAD_USER_INPUT if a parameter does not fit
     */
    public @Nullable TrialFault tryOut(
            PolicyContext context, Map<String, Object> parameters, List<TaskView> shown) {
        Options options = options(parameters);
        return factories.tried(
                this,
                () -> {
                    PolicyTrial trial = new PolicyTrial(context, name().hashCode());
                    Policy made = factory.create(trial.context(), options);
                    PolicyEjection found =
                            trial.run(PolicyBinding.of(made, descriptor, bundle()), shown);
                    return found == null
                            ? null
                            : new TrialFault(found.reason(), found.message(), found.report());
                });
    }

    /** Whose admission rests on its analysis; OFF: it has none, or the parameters say so. */
    public AdmissionMode admission(Map<String, Object> parameters) {
        if (test.isEmpty()) {
            return AdmissionMode.OFF;
        }
        OptionSpec known = AdmissionMode.option(AdmissionMode.PERIODIC);
        boolean declared =
                descriptor.options().stream()
                        .anyMatch(option ->
                                option.name().equals(known.name())
                                        && option.choices().equals(known.choices()));
        return declared
                ? AdmissionMode.valueOf(options(parameters).text(known.name()))
                : AdmissionMode.PERIODIC;
    }

    /**
     * Analyses a task set. Waits for the plugin, so no lock may be held. A test that fails or takes
     * too long cannot tell.
     *
     * @return the answer; empty: it has no test
     */
    public Optional<Analysis> analyse(List<TaskDemand> tasks, Budget budget) {
        return test.map(
                analyser -> factories.analysed(this, tasks, () -> analyser.analyse(tasks, budget)));
    }

    /** Its analysis for admission, if it has one. */
    public Optional<SchedulabilityTest> schedulabilityTest() {
        return test;
    }
}
