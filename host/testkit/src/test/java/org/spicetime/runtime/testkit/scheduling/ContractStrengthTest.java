// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.scheduler.EnqueueReason;
import org.spicetime.runtime.api.scheduler.KeyedPolicy;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyNode;
import org.spicetime.runtime.api.scheduler.SliceEnd;
import org.spicetime.runtime.api.scheduler.TaskView;
import org.spicetime.runtime.kernel.scheduling.PolicyEnvironment;
import org.spicetime.runtime.testkit.scheduling.TurnByTurnFactory.TurnByTurn;

/** The contract notices each kind of mistake, and names it. */
final class ContractStrengthTest {
    private static final long SEED = 42;
    private static final PolicyEnvironment CONTEXT =
            new PolicyEnvironment(() -> 0, new SplittableRandom(SEED), 4, 0, 10, 0);

    @Test
    void aLostTaskIsNoticed() {
        Supplier<Policy> forgetful =
                () ->
                        new TurnByTurn(0) {
                            private int brought;

                            @Override
                            public void enqueue(PolicyNode node, EnqueueReason reason, long now) {
                                if (++brought % 997 != 0) super.enqueue(node, reason, now);
                            }
                        };
        assertNoticed(
                forgetful,
                FullPolicyChecks::whatIsQueuedIsPickedOnceAndSizeIsExact,
                "size answers");
        assertRunNoticed(forgetful, "LOST");
    }

    @Test
    void aTaskPickedTwiceIsNoticed() {
        Supplier<Policy> repeating =
                () ->
                        new TurnByTurn(0) {
                            private int picks;

                            @Override
                            public @Nullable PolicyNode pickNext(
                                    int slot, long now, boolean startedOnly) {
                                PolicyNode node = super.pickNext(slot, now, startedOnly);
                                if (node != null && ++picks % 100 == 0) queue.add(node);
                                return node;
                            }
                        };
        assertNoticed(
                repeating,
                FullPolicyChecks::whatIsQueuedIsPickedOnceAndSizeIsExact,
                "size answers");
        assertRunNoticed(repeating, "LOST");
    }

    @Test
    void aTaskThatWasNotStartedIsNoticedWhereOnlyStartedOnesAreAskedFor() {
        assertNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public @Nullable PolicyNode pickNext(
                                    int slot, long now, boolean startedOnly) {
                                return super.pickNext(slot, now, false);
                            }
                        },
                FullPolicyChecks::onlyStartedTasksArePickedWhenOnlyTheyAreAskedFor,
                "was not started");
    }

    @Test
    void aTaskThatStaysAfterItsRemovalIsNoticed() {
        assertNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public boolean remove(PolicyNode node) {
                                return queue.contains(node);
                            }
                        },
                FullPolicyChecks::whatIsRemovedIsNotPicked,
                "removed before");
    }

    @Test
    void aNewcomerThatPreemptsItsEqualIsNoticed() {
        assertNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public int compare(PolicyNode a, PolicyNode b, long now) {
                                return Long.compare(b.task().seq(), a.task().seq());
                            }
                        },
                FullPolicyChecks::anEqualNewcomerDoesNotPreempt,
                "equal never preempts");
    }

    @Test
    void anOrderOfPicksThatCompareDoesNotKnowIsNoticed() {
        assertNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public int compare(PolicyNode a, PolicyNode b, long now) {
                                return Integer.compare(b.task().priority(), a.task().priority());
                            }
                        },
                FullPolicyChecks::thePickIsTheMostUrgentByCompare,
                "by compare");
    }

    @Test
    void aCompareThatCallsBothMoreUrgentIsNoticed() {
        assertNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public int compare(PolicyNode a, PolicyNode b, long now) {
                                return a.equals(b) ? 0 : -1;
                            }
                        },
                FullPolicyChecks::compareIsAConsistentOrderAlsoOfTasksThatWereNeverQueued,
                "antisymmetric");
    }

    @Test
    void anOrderThatTimeChangesWithoutNoticeIsNoticed() {
        assertNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public int compare(PolicyNode a, PolicyNode b, long now) {
                                int byNumber = Long.compare(a.task().seq(), b.task().seq());
                                return now < 1_000_000 ? byNumber : -byNumber;
                            }
                        },
                FullPolicyChecks::theOrderHoldsUntilTheNextDecision,
                "became more urgent");
    }

    @Test
    void aChargeThatExpectsItsOwnStateIsNoticed() {
        assertNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public void charge(
                                    PolicyNode node, long cpuNanos, long wallNanos, SliceEnd end) {
                                if (node.state == null) throw new IllegalStateException("no state");
                            }
                        },
                FullPolicyChecks::tasksThatWereNeverQueuedAreAccepted,
                "no state");
    }

    @Test
    void aNullForEverIsNoticed() {
        assertNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public @Nullable PolicyNode pickNext(
                                    int slot, long now, boolean startedOnly) {
                                return null;
                            }
                        },
                FullPolicyChecks::whatIsQueuedIsPickedOnceAndSizeIsExact,
                "LOST");
    }

    @Test
    void aBrokenPromiseNotToStarveIsNoticed() {
        assertRunNoticed(
                () ->
                        new TurnByTurn(0) {
                            @Override
                            public @Nullable PolicyNode pickNext(
                                    int slot, long now, boolean startedOnly) {
                                if (startedOnly || queue.size() < 2) {
                                    return super.pickNext(slot, now, startedOnly);
                                }
                                Iterator<PolicyNode> nodes = queue.iterator();
                                nodes.next();
                                PolicyNode second = nodes.next();
                                nodes.remove();
                                return second;
                            }
                        },
                "STARVATION");
    }

    @Test
    void aKeyThatFollowsTheClockIsNoticed() {
        PolicyWorkshop[] place = new PolicyWorkshop[1];
        PolicyWorkshop workshop =
                new PolicyWorkshop(
                        TurnByTurnFactory.DESCRIPTOR, context -> clocked(place), CONTEXT, SEED);
        place[0] = workshop;
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new KeyedPolicyChecks(workshop).theKeyIsAPureFunctionOfTheView())
                .withMessageContaining("when time has passed");
    }

    private static KeyedPolicy clocked(PolicyWorkshop[] place) {
        return task -> task.seq() - place[0].now;
    }

    @Test
    void aKeyThatDependsOnHowOftenItIsAskedForMisordersTasks() {
        assertRunNoticed(
                () -> {
                    long[] asked = {0};
                    return (KeyedPolicy) (TaskView task) -> task.seq() % 7 + asked[0]++ % 3;
                },
                "the task picked is");
    }

    private static void assertNoticed(
            Supplier<Policy> bad, Consumer<FullPolicyChecks> check, String words) {
        PolicyWorkshop workshop =
                new PolicyWorkshop(
                        TurnByTurnFactory.DESCRIPTOR, context -> bad.get(), CONTEXT, SEED);
        assertThatExceptionOfType(Throwable.class)
                .isThrownBy(() -> check.accept(new FullPolicyChecks(workshop)))
                .withMessageContaining(words);
    }

    private static void assertRunNoticed(Supplier<Policy> bad, String words) {
        RandomRun run =
                new RandomRun(
                        TurnByTurnFactory.DESCRIPTOR,
                        context -> bad.get(),
                        CONTEXT,
                        SEED,
                        100,
                        true);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) run.step();
                    run.finish();
                })
                .withMessageContaining(words);
    }
}
