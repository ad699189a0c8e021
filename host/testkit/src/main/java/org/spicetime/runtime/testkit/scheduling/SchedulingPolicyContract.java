// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SchedulingPolicy;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
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
 * <p>Random tests publish their seed; {@code -Dtest.seed=N} repeats a run, {@code -Dtest.long=true}
 * makes it ten times as long.
 */
public abstract class SchedulingPolicyContract {
    private static final int OPERATIONS = Boolean.getBoolean("test.long") ? 1_000_000 : 100_000;
    private static final int SAMPLES = 1_000;

    private final long seed = seed();
    private SplittableRandom random = new SplittableRandom(seed);

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
        random = new SplittableRandom(seed);
    }

    @Test
    final void theFactoryIsAPublicClassWithAPublicConstructorWithoutArguments() throws Exception {
        Class<?> type = factory().getClass();
        Constructor<?> constructor = type.getDeclaredConstructor();
        assertThat(Modifier.isPublic(type.getModifiers())).isTrue();
        assertThat(Modifier.isPublic(constructor.getModifiers())).isTrue();
        assertThat(constructor.newInstance()).isInstanceOf(SchedulingPolicyFactory.class);
    }

    @Test
    final void theDescriptorIsAConstant() throws Exception {
        SchedulingPolicyFactory factory = factory();
        PolicyDescriptor descriptor = factory.descriptor();
        assertThat(factory.descriptor()).isSameAs(descriptor);
        SchedulingPolicyFactory other = factory.getClass().getDeclaredConstructor().newInstance();
        assertThat(other.descriptor()).isEqualTo(descriptor);
    }

    @Test
    final void everyTaskEndsOnceOverRandomOperations() {
        RandomRun run = newRun();
        for (int i = 0; i < OPERATIONS; i++) run.step();
        finish(run);
    }

    @Test
    final void noTaskIsLostWhenThePolicyIsSwappedInAndOutAtRandomPoints() {
        RandomRun run = newRun();
        for (int i = 0; i < OPERATIONS; i++) {
            run.step();
            int dice = random.nextInt(200);
            if (dice == 0) run.useFallback();
            else if (dice == 1) run.useTested();
        }
        finish(run);
    }

    @Test
    final void theSameSeedGivesTheSameTrace() {
        long first = trace();
        assertThat(trace()).isEqualTo(first);
    }

    @TestFactory
    final List<DynamicTest> thePolicyKeepsThePromisesOfItsKind() {
        return switch (create()) {
            case KeyedPolicy keyed ->
                    List.of(
                            dynamicTest(
                                    "theKeyIsAPureFunctionOfTheView",
                                    this::theKeyIsAPureFunctionOfTheView),
                            dynamicTest(
                                    "theKeyIsSafeToAskFromSeveralThreads",
                                    this::theKeyIsSafeToAskFromSeveralThreads),
                            dynamicTest("tasksRunInOrderOfTheKey", this::tasksRunInOrderOfTheKey));
            case SchedulingPolicy full ->
                    List.of(
                            dynamicTest(
                                    "whatIsQueuedIsPickedOnceAndSizeIsExact",
                                    this::whatIsQueuedIsPickedOnceAndSizeIsExact),
                            dynamicTest("whatIsRemovedIsNotPicked", this::whatIsRemovedIsNotPicked),
                            dynamicTest(
                                    "onlyStartedTasksArePickedWhenOnlyTheyAreAskedFor",
                                    this::onlyStartedTasksArePickedWhenOnlyTheyAreAskedFor),
                            dynamicTest(
                                    "compareIsAConsistentOrderAlsoOfTasksThatWereNeverQueued",
                                    this::compareIsAConsistentOrderAlsoOfTasksThatWereNeverQueued),
                            dynamicTest(
                                    "twoInstancesOverTheSameTasksDoNotDisturbEachOther",
                                    this::twoInstancesOverTheSameTasksDoNotDisturbEachOther));
        };
    }

    private void theKeyIsAPureFunctionOfTheView() {
        KeyedPolicy policy = keyed();
        KeyedPolicy other = keyed();
        for (TestTask task : tasks()) {
            long key = policy.key(task);
            assertThat(policy.key(task)).isEqualTo(key);
            assertThat(other.key(task)).isEqualTo(key);
            assertThat(policy.quantum(task)).isNotNegative().isEqualTo(policy.quantum(task));
        }
    }

    private void theKeyIsSafeToAskFromSeveralThreads() throws Exception {
        KeyedPolicy policy = keyed();
        List<TestTask> tasks = tasks();
        long[] keys = tasks.stream().mapToLong(policy::key).toArray();
        int threads = 4;
        CyclicBarrier start = new CyclicBarrier(threads);
        Callable<long[]> asking =
                () -> {
                    start.await(10, TimeUnit.SECONDS);
                    long[] seen = new long[0];
                    for (int round = 0; round < 20; round++) {
                        seen = tasks.stream().mapToLong(policy::key).toArray();
                    }
                    return seen;
                };
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<long[]>> answers = new ArrayList<>();
            for (int i = 0; i < threads; i++) answers.add(executor.submit(asking));
            for (Future<long[]> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(keys);
            }
        }
    }

    private void tasksRunInOrderOfTheKey() {
        KeyedPolicy policy = keyed();
        RandomRun run = newRun();
        run.admitIndependent(SAMPLES);
        long last = Long.MIN_VALUE;
        for (int i = 0; i < SAMPLES; i++) {
            long key = policy.key(run.runOne());
            assertThat(key).as("seed %d", seed).isGreaterThanOrEqualTo(last);
            last = key;
        }
    }

    private void whatIsQueuedIsPickedOnceAndSizeIsExact() {
        SchedulingPolicy policy = full();
        Set<PolicyNode> queued = enqueueAll(policy);
        assertThat(policy.size()).isEqualTo(queued.size());
        long now = SAMPLES;
        while (!queued.isEmpty()) {
            PolicyNode picked = policy.pickNext(0, now, false);
            if (picked == null) {
                long next = policy.nextDecisionAt(now);
                assertThat(next).isGreaterThan(now).isLessThan(Long.MAX_VALUE);
                now = next;
                continue;
            }
            assertThat(queued.remove(picked)).as("picked what was queued").isTrue();
            assertThat(policy.size()).isEqualTo(queued.size());
            assertThat(policy.quantum(picked)).isNotNegative();
            policy.charge(picked, 10, 10, SliceEnd.FINISHED);
        }
        assertThat(policy.pickNext(0, now, false)).isNull();
    }

    private void whatIsRemovedIsNotPicked() {
        SchedulingPolicy policy = full();
        Set<PolicyNode> queued = enqueueAll(policy);
        for (PolicyNode node : List.copyOf(queued)) {
            assertThat(policy.remove(node)).isTrue();
            assertThat(policy.remove(node)).as("removed already").isFalse();
        }
        assertThat(policy.size()).isZero();
        assertThat(policy.pickNext(0, SAMPLES, false)).isNull();
    }

    private void onlyStartedTasksArePickedWhenOnlyTheyAreAskedFor() {
        SchedulingPolicy policy = full();
        Set<PolicyNode> queued = enqueueAll(policy);
        long started = queued.stream().filter(node -> node.task().started()).count();
        long now = SAMPLES;
        for (long left = started; left > 0; ) {
            PolicyNode picked = policy.pickNext(0, now, true);
            if (picked == null) {
                long next = policy.nextDecisionAt(now);
                assertThat(next).isGreaterThan(now).isLessThan(Long.MAX_VALUE);
                now = next;
                continue;
            }
            assertThat(picked.task().started()).isTrue();
            left--;
        }
        assertThat(policy.pickNext(0, now, true)).isNull();
        assertThat(policy.size()).isEqualTo((int) (queued.size() - started));
    }

    private void compareIsAConsistentOrderAlsoOfTasksThatWereNeverQueued() {
        SchedulingPolicy policy = full();
        List<PolicyNode> nodes = tasks().stream().map(TestTask::node).limit(60).toList();
        for (PolicyNode node : nodes) policy.charge(node, 5, 5, SliceEnd.PREEMPTED);
        for (PolicyNode a : nodes) {
            assertThat(policy.compare(a, a, SAMPLES)).as("equal never preempts").isZero();
            for (PolicyNode b : nodes) {
                int ab = Integer.signum(policy.compare(a, b, SAMPLES));
                assertThat(Integer.signum(policy.compare(b, a, SAMPLES))).isEqualTo(-ab);
                for (PolicyNode c : nodes) {
                    if (ab <= 0 && policy.compare(b, c, SAMPLES) <= 0) {
                        assertThat(policy.compare(a, c, SAMPLES)).isLessThanOrEqualTo(0);
                    }
                }
            }
        }
    }

    private void twoInstancesOverTheSameTasksDoNotDisturbEachOther() {
        SchedulingPolicy first = full();
        SchedulingPolicy second = full();
        for (TestTask task : tasks()) {
            first.enqueue(task.node(), EnqueueReason.NEW, task.seq());
            second.enqueue(task.node(), EnqueueReason.MIGRATED, task.seq());
        }
        for (int i = 0; i < SAMPLES / 2; i++) first.pickNext(0, SAMPLES, false);
        assertThat(second.size()).isEqualTo(SAMPLES);
    }

    private void finish(RandomRun run) {
        run.kernel.audit(run.now());
        run.drain();
        run.kernel.audit(run.now());
        assertThat(run.listener.ejections).as("the policy was ejected, seed %d", seed).isEmpty();
        assertThat(run.listener.ends.keySet()).as("seed %d", seed).hasSameSizeAs(run.admitted());
        assertThat(run.listener.ends.values()).as("seed %d", seed).containsOnly(1);
    }

    private long trace() {
        RandomRun run = newRun();
        for (int i = 0; i < OPERATIONS / 10; i++) run.step();
        run.drain();
        return run.listener.hash();
    }

    private RandomRun newRun() {
        return new RandomRun(factory().descriptor(), this::create, context(), seed);
    }

    private Policy create(PolicyContext context) {
        return factory().create(context, options());
    }

    private Policy create() {
        return create(new ClockedContext(context(), () -> 0, new SplittableRandom(seed)));
    }

    private KeyedPolicy keyed() {
        return (KeyedPolicy) create();
    }

    private SchedulingPolicy full() {
        return (SchedulingPolicy) create();
    }

    private Set<PolicyNode> enqueueAll(SchedulingPolicy policy) {
        Set<PolicyNode> queued = new HashSet<>();
        for (TestTask task : tasks()) {
            PolicyNode node = task.node();
            policy.enqueue(node, EnqueueReason.NEW, task.seq());
            queued.add(node);
        }
        return queued;
    }

    private List<TestTask> tasks() {
        PolicyContext context = context();
        SplittableRandom values = new SplittableRandom(seed);
        List<TestTask> tasks = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            tasks.add(TestTask.any(i, values, context.minPriority(), context.maxPriority()));
        }
        return tasks;
    }

    private static long seed() {
        String text = System.getProperty("test.seed", "");
        return text.isEmpty() ? System.nanoTime() : Long.parseLong(text);
    }
}
