// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.spicetime.runtime.testkit.scheduling.Promise.require;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.OptionSpec;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.StarvationBound;
import org.spicetime.runtime.kernel.scheduling.PolicyBinding;
import org.spicetime.runtime.kernel.scheduling.PolicyEjection;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.kernel.scheduling.PolicyTrial;
import org.spicetime.runtime.testkit.DefaultOptions;

/**
 * What every scheduling policy has to keep. Extend it and name the factory:
 *
 * <pre>{@code
 * final class RoundRobinContractTest extends SchedulingPolicyContract {
 *     protected SchedulingPolicyFactory factory() { return new RoundRobinFactory(); }
 * }
 * }</pre>
 *
 * <p>It runs the policy on the kernel that ships, on a virtual clock, and says in words what is
 * wrong. A million random operations find lost tasks, tasks that run twice and, of a {@link
 * KeyedPolicy}, a wrong order; a policy that breaks its own starvation bound is found by the same
 * guard as in a host. Random tests publish their seed; {@code -Dtest.seed=N} repeats a run, {@code
 * -Dtest.long=true} makes it ten times as long.
 */
public abstract class SchedulingPolicyContract {
    private static final int OPERATIONS = Boolean.getBoolean("test.long") ? 10_000_000 : 1_000_000;
    private static final int FEW = 100;
    private static final int MANY = 2_000;

    private final long seed = seed();

    /** For subclasses. */
    protected SchedulingPolicyContract() {}

    /** The factory under test, a new one or always the same. */
    protected abstract SchedulingPolicyFactory factory();

    /** The domain to test in; its clock and generator are replaced by those of each run. */
    protected PolicyContext context() {
        return new PolicyEnvironment(() -> 0, new SplittableRandom(seed), 4, -5, 20, 1_000_000);
    }

    /** Values for the options of the descriptor; their defaults unless overridden. */
    protected Options options() {
        return new DefaultOptions(factory().descriptor().options());
    }

    @BeforeEach
    final void publishSeed(TestReporter reporter) {
        reporter.publishEntry("test.seed", Long.toString(seed));
    }

    @Test
    final void theFactoryIsAPublicClassWithAPublicConstructorWithoutArguments() throws Exception {
        Class<?> type = factory().getClass();
        Constructor<?> constructor = type.getDeclaredConstructor();
        require(
                Modifier.isPublic(type.getModifiers())
                        && Modifier.isPublic(constructor.getModifiers()),
                "%s must be a public class with a public constructor without arguments, so that it"
                        + " is found as a service and by ServiceLoader",
                type.getName());
    }

    @Test
    final void theDescriptorIsAConstant() throws Exception {
        SchedulingPolicyFactory factory = factory();
        PolicyDescriptor descriptor = factory.descriptor();
        SchedulingPolicyFactory other = factory.getClass().getDeclaredConstructor().newInstance();
        require(
                descriptor.equals(factory.descriptor()) && descriptor.equals(other.descriptor()),
                "descriptor answers different values; make it a constant");
    }

    @Test
    final void aMillionRandomOperationsLoseDoubleAndMisorderNoTask() {
        RandomRun run = newRun(FEW, true);
        steps(run, OPERATIONS);
    }

    @Test
    final void noTaskIsLostWhenManyAreQueued() {
        steps(newRun(MANY, false), OPERATIONS / 10);
    }

    @Test
    final void noTaskIsLostWhenThePolicyIsSwappedInAndOutAtRandomPoints() {
        SplittableRandom random = new SplittableRandom(seed);
        RandomRun run = newRun(MANY, false);
        said(() -> {
            for (int i = 0; i < OPERATIONS / 10; i++) {
                run.step();
                int dice = random.nextInt(200);
                if (dice == 0) run.useFallback();
                else if (dice == 1) run.useTested();
            }
            run.finish();
        });
    }

    @Test
    final void theSameSeedGivesTheSameTrace() {
        long first = trace();
        require(
                trace() == first,
                "two runs with seed %d differ; use context.clock() and context.rng() only, and no"
                        + " collection whose order depends on identity",
                seed);
    }

    @Test
    final void theTrialOfTheHostFindsNothing() {
        PolicyTrial trial = new PolicyTrial(context(), seed);
        Policy policy = create(trial.context());
        PolicyEjection found =
                trial.run(PolicyBinding.of(policy, factory().descriptor(), "tested"), List.of());
        require(
                found == null,
                "a host would refuse the policy before it is in charge: %s",
                found == null ? "" : found.reason() + ", " + found.message());
    }

    @Test
    final void aTaskIsNotPassedOverMoreOftenThanPromised() {
        StarvationBound bound = factory().descriptor().starvationBound().orElse(null);
        if (bound != null) new StarvationCheck(factory(), options()).run(bound);
    }

    @TestFactory
    final List<DynamicTest> everyOptionWorksAtItsBoundsOrIsRefusedByName() {
        List<DynamicTest> tests = new ArrayList<>();
        for (OptionSpec option : factory().descriptor().options()) {
            for (Object value : bounds(option)) {
                tests.add(
                        dynamicTest(
                                option.name() + " = " + value,
                                () -> worksOrIsRefused(Map.of(option.name(), value))));
            }
        }
        return tests;
    }

    @TestFactory
    final List<DynamicTest> thePolicyKeepsThePromisesOfItsKind() {
        return switch (create(workshopContext())) {
            case KeyedPolicy keyed -> keyedTests();
            case SchedulingPolicy full -> fullTests();
        };
    }

    private List<DynamicTest> keyedTests() {
        KeyedPolicyChecks checks = new KeyedPolicyChecks(workshop());
        return List.of(
                dynamicTest(
                        "theKeyIsAPureFunctionOfTheView", checks::theKeyIsAPureFunctionOfTheView),
                dynamicTest(
                        "theKeyIsSafeToAskFromSeveralThreads",
                        checks::theKeyIsSafeToAskFromSeveralThreads));
    }

    private List<DynamicTest> fullTests() {
        FullPolicyChecks checks = new FullPolicyChecks(workshop());
        return List.of(
                dynamicTest(
                        "whatIsQueuedIsPickedOnceAndSizeIsExact",
                        checks::whatIsQueuedIsPickedOnceAndSizeIsExact),
                dynamicTest("whatIsRemovedIsNotPicked", checks::whatIsRemovedIsNotPicked),
                dynamicTest(
                        "whatIsRemovedAmongOthersLeavesThemQueued",
                        checks::whatIsRemovedAmongOthersLeavesThemQueued),
                dynamicTest(
                        "onlyStartedTasksArePickedWhenOnlyTheyAreAskedFor",
                        checks::onlyStartedTasksArePickedWhenOnlyTheyAreAskedFor),
                dynamicTest(
                        "compareIsAConsistentOrderAlsoOfTasksThatWereNeverQueued",
                        checks::compareIsAConsistentOrderAlsoOfTasksThatWereNeverQueued),
                dynamicTest(
                        "tasksThatWereNeverQueuedAreAccepted",
                        checks::tasksThatWereNeverQueuedAreAccepted),
                dynamicTest(
                        "thePickIsTheMostUrgentByCompare", checks::thePickIsTheMostUrgentByCompare),
                dynamicTest("anEqualNewcomerDoesNotPreempt", checks::anEqualNewcomerDoesNotPreempt),
                dynamicTest(
                        "theOrderHoldsUntilTheNextDecision",
                        checks::theOrderHoldsUntilTheNextDecision),
                dynamicTest(
                        "twoInstancesOverTheSameTasksDoNotDisturbEachOther",
                        checks::twoInstancesOverTheSameTasksDoNotDisturbEachOther));
    }

    private void steps(RandomRun run, int operations) {
        said(() -> {
            for (int i = 0; i < operations; i++) run.step();
            run.finish();
        });
    }

    /* A failure tells how to see it again. */
    private void said(Runnable test) {
        try {
            test.run();
        } catch (AssertionError | RuntimeException failed) {
            throw new AssertionError(
                    failed.getMessage() + " (repeat with -Dtest.seed=" + seed + ")", failed);
        }
    }

    private long trace() {
        RandomRun run = newRun(MANY, false);
        steps(run, OPERATIONS / 50);
        return run.listener.hash();
    }

    private void runWith(Map<String, Object> chosen) {
        Options options = new DefaultOptions(factory().descriptor().options(), chosen);
        RandomRun run =
                new RandomRun(
                        factory().descriptor(),
                        context -> factory().create(context, options),
                        context(),
                        seed,
                        FEW,
                        false);
        steps(run, OPERATIONS / 100);
    }

    /* A bound may contradict the defaults of other options; then the refusal has to say where. */
    private void worksOrIsRefused(Map<String, Object> chosen) {
        try {
            runWith(chosen);
        } catch (RefusedException refused) {
            require(
                    String.valueOf(refused.details().get("field"))
                            .startsWith("scheduler.parameters."),
                    "%s is refused without the parameter that contradicts it: %s",
                    chosen,
                    refused.getMessage());
        }
    }

    private static List<Object> bounds(OptionSpec option) {
        List<Object> values = new ArrayList<>();
        values.add(option.defaultValue());
        option.min().ifPresent(values::add);
        option.max().ifPresent(values::add);
        values.addAll(option.choices());
        if (option.defaultValue() instanceof Boolean flag) values.add(!flag);
        return values.stream().distinct().toList();
    }

    private RandomRun newRun(int mostUnfinished, boolean checked) {
        return new RandomRun(
                factory().descriptor(), this::create, context(), seed, mostUnfinished, checked);
    }

    private PolicyWorkshop workshop() {
        return new PolicyWorkshop(factory().descriptor(), this::create, context(), seed);
    }

    private PolicyContext workshopContext() {
        return new ClockedContext(context(), () -> 0, new SplittableRandom(seed));
    }

    private Policy create(PolicyContext context) {
        return factory().create(context, options());
    }

    private static long seed() {
        String text = System.getProperty("test.seed", "");
        return text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
    }
}
