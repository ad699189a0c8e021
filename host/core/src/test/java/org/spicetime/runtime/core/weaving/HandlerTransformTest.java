// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.classfile.ClassModel;
import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Woven handlers do what they did, and can be preempted and ended. */
@Timeout(60)
final class HandlerTransformTest {

    private final Woven woven = new Woven(Shapes.class, Endless.class);

    @Test
    void wovenLoopsOfEveryShapeComputeTheSame() throws Exception {
        LongUnaryOperator plain = new Shapes();
        LongUnaryOperator polled = woven.instance(Shapes.class, LongUnaryOperator.class);
        for (int shape = 0; shape < Shapes.COUNT; shape++) {
            assertThat(polled.applyAsLong(shape))
                    .as("shape %d", shape)
                    .isEqualTo(plain.applyAsLong(shape));
        }
    }

    @Test
    void everyShapePollsAndGivingWayChangesNoResult() throws Exception {
        LongUnaryOperator plain = new Shapes();
        LongUnaryOperator polled = woven.instance(Shapes.class, LongUnaryOperator.class);
        for (int shape = 0; shape < Shapes.COUNT; shape++) {
            int which = shape;
            Woven.Counting context = new Woven.Counting();
            long result = Woven.with(context, () -> polled.applyAsLong(which));
            assertThat(result).as("shape %d", shape).isEqualTo(plain.applyAsLong(shape));
            assertThat(context.polls).as("polls of shape %d", shape).isPositive();
        }
    }

    @Test
    void countedLoopsPollOncePerChunkOnly() throws Exception {
        LongUnaryOperator polled = woven.instance(Shapes.class, LongUnaryOperator.class);
        Woven.Counting context = new Woven.Counting();
        Woven.with(context, () -> polled.applyAsLong(0));
        assertThat(context.polls).isBetween(50_000L / 16_384, 50_000L / 1_024);
    }

    @Test
    void theReportTellsWhichLoopsPollInEveryTurnAndWhatIsProtected() {
        ClassModel model = HandlerTransform.files().parse(Woven.bytes(Shapes.class));
        HandlerTransform.Findings found = new HandlerTransform(model, m -> false).findings();
        assertThat(found.chunked()).isGreaterThan(20);
        assertThat(found.everyTurn())
                .anyMatch(one -> one.matches(".*Shapes.doWhile:\\d+ \\(it is tested at its end\\)"))
                .anyMatch(one -> one.contains("Shapes.modifiedLimit:"))
                .noneMatch(one -> one.contains("Shapes.nested"));
        assertThat(found.protectedLoops()).singleElement().asString().contains("<clinit>");
        assertThat(found.withoutPolls()).isEmpty();
    }

    static int[] endless() {
        return java.util.stream.IntStream.range(0, Endless.COUNT).toArray();
    }

    @ParameterizedTest
    @MethodSource("endless")
    void codeThatNeverEndsByItselfIsEnded(int which) throws Exception {
        IntConsumer code = woven.instance(Endless.class, IntConsumer.class);
        CountDownLatch polled = new CountDownLatch(20);
        Woven.Counting context =
                new Woven.Counting() {
                    @Override
                    protected void giveWay() {
                        polled.countDown();
                        if (polled.getCount() == 0) {
                            quiet();
                        }
                    }
                };
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        polled.await();
                        context.askEnd();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        assertThatThrownBy(() ->
                        Woven.with(
                                context,
                                () -> {
                                    code.accept(which);
                                    return null;
                                }))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(Woven.Ended.class);
        ReentrantLock lock = (ReentrantLock) constant("LOCK");
        assertThat(lock.isLocked()).isFalse();
        if (which == 10) {
            assertThat(((AtomicLong) constant("CLEANED")).get()).isEqualTo(2_000);
        }
    }

    private Object constant(String name) throws ReflectiveOperationException {
        var field = woven.loadClass(Endless.class.getName()).getDeclaredField(name);
        field.setAccessible(true);
        return field.get(null);
    }

    @Test
    void pollsDoNothingWithinNoPreemptAndItsCallees() throws Exception {
        Woven.Counting context =
                new Woven.Counting() {
                    @Override
                    protected void giveWay() {
                        super.giveWay();
                        quiet();
                    }
                };
        Method shielded =
                woven.loadClass(Endless.class.getName()).getDeclaredMethod("shielded", int.class);
        shielded.setAccessible(true);
        Woven.with(context, () -> shielded.invoke(null, 100));
        assertThat(context.polls).isZero();
        Woven.with(context, () -> shielded.invoke(null, 8_000));
        assertThat(context.polls).as("polls after 100 ms").isOne();
    }

    @Test
    void pollsDoNothingWhileAClassIsInitialised() throws Exception {
        Woven.Counting context = new Woven.Counting();
        context.askEnd();
        LongUnaryOperator polled =
                Woven.with(context, () -> woven.instance(Shapes.class, LongUnaryOperator.class));
        assertThat(polled.applyAsLong(0)).isEqualTo(new Shapes().applyAsLong(0));
    }
}
