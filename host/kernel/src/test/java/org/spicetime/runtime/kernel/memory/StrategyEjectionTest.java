// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;

/** Strategies that misbehave while blocks of theirs live. */
final class StrategyEjectionTest {
    private static final long MIB = 1L << 20;

    private final PoolPlan plan = new PoolPlan(8 * MIB);
    private final BlockOwner owner = new BlockOwner(1);
    private Hostile hostile = new Hostile(new Geometry(16, 8 * MIB, MIB));
    private long before;

    @BeforeEach
    void aBlockOfTheHostileStrategyLives() {
        install(Hostile::new);
    }

    @ParameterizedTest
    @EnumSource
    void aWrongAnswerToAnAllocationEjectsAndTheCallerGetsABlockAllTheSame(Hostile.Fault fault) {
        hostile.next = Optional.of(fault);
        long block = plan.allocate(owner, 5000, 4096);
        assertThat(block).isNotNegative();
        assertThat(plan.offset(block) % 4096).isZero();
        StrategyEjection ejection = onlyEjection();
        assertThat(ejection.reason())
                .isEqualTo(
                        fault == Hostile.Fault.THROWS || fault == Hostile.Fault.OVERFLOWS_THE_STACK
                                ? EjectionReason.EXCEPTION
                                : EjectionReason.INVALID_RESULT);
        assertThat(ejection.report())
                .containsEntry("size", 5000L)
                .containsEntry("align", 4096L)
                .containsEntry("bundle", "com.acme.hostile");
        assertBlocksValid();
    }

    @Test
    void aBlockInAZoneOfAnotherGenerationEjects() {
        Hostile first = hostile;
        install(geometry ->
                new Hostile(geometry) {
                    @Override
                    public long offset(long id) {
                        return next.isPresent() ? 512 * 1024 : super.offset(id);
                    }
                });
        assertThat(hostile).isNotSameAs(first);
        hostile.next = Optional.of(Hostile.Fault.OVERLAP);
        assertThat(plan.allocate(owner, 100, 16)).isNotNegative();
        assertThat(onlyEjection().message()).contains("leaves the zones of the strategy");
    }

    @Test
    void aReleaseThatThrowsEjectsAndTheBlockIsReleasedAllTheSame() {
        install(geometry ->
                new Hostile(geometry) {
                    @Override
                    public void release(long id) {
                        if (next.isPresent()) {
                            throw new ArithmeticException("division by zero");
                        }
                        super.release(id);
                    }
                });
        hostile.next = Optional.of(Hostile.Fault.THROWS);
        long used = plan.usedBytes();
        plan.release(before);
        assertThat(plan.usedBytes()).isEqualTo(used - 1008);
        assertThat(onlyEjection().reason()).isEqualTo(EjectionReason.EXCEPTION);
    }

    @Test
    void aLiveBlockTheStrategyDoesNotKnowAnyMoreIsLost() {
        hostile.honest.release(0);
        plan.release(before);
        StrategyEjection ejection = onlyEjection();
        assertThat(ejection.reason()).isEqualTo(EjectionReason.LOST);
        assertThat(ejection.report()).containsEntry("block", 0L);
        assertThat(plan.usedBytes()).isZero();
    }

    @Test
    void anAuditFindsBlocksThatAreNotShownAndBlocksThatDoNotLive() {
        plan.audit();
        assertThat(plan.takeEjections()).isEmpty();
        hostile.honest.release(0);
        plan.audit();
        assertThat(onlyEjection().reason()).isEqualTo(EjectionReason.LOST);
        assertBlocksValid();

        install(geometry ->
                new Hostile(geometry) {
                    @Override
                    public void forEachBlock(BlockVisitor visitor) {
                        super.forEachBlock(visitor);
                        visitor.visit(999, 4 * MIB, 64);
                    }
                });
        plan.audit();
        assertThat(onlyEjection().reason()).isEqualTo(EjectionReason.INVALID_RESULT);
        assertBlocksValid();
    }

    @Test
    void statsThatThrowOrTellMoreThanThereIsEject() {
        install(geometry ->
                new Hostile(geometry) {
                    @Override
                    public FragmentationStats stats() {
                        return new FragmentationStats(-1, 0, 0, 0);
                    }
                });
        assertThat(plan.largestFreeBytes()).isPositive().isLessThanOrEqualTo(8 * MIB);
        assertThat(onlyEjection().reason()).isEqualTo(EjectionReason.EXCEPTION);
        install(geometry ->
                new Hostile(geometry) {
                    @Override
                    public FragmentationStats stats() {
                        return new FragmentationStats(1L << 50, 1L << 50, 1, 0);
                    }
                });
        assertThat(plan.largestFreeBytes()).isPositive().isLessThanOrEqualTo(8 * MIB);
        assertThat(onlyEjection().reason()).isEqualTo(EjectionReason.INVALID_RESULT);
        assertBlocksValid();
    }

    @Test
    void statsThatCannotBeTrueEject() {
        for (FragmentationStats lie :
                List.of(
                        new FragmentationStats(0, 0, Long.MAX_VALUE, 0),
                        new FragmentationStats(16, 16, 1, 1L << 40))) {
            install(geometry ->
                    new Hostile(geometry) {
                        @Override
                        public FragmentationStats stats() {
                            return lie;
                        }
                    });
            plan.largestFreeBytes();
            assertThat(onlyEjection().reason()).isEqualTo(EjectionReason.INVALID_RESULT);
        }
        assertBlocksValid();
    }

    @Test
    void aThrowableWhoseMessageThrowsIsDescribedByItsClass() {
        install(geometry ->
                new Hostile(geometry) {
                    @Override
                    public long allocate(long size, long align, int hint) {
                        if (next.isPresent()) {
                            throw new EvilException();
                        }
                        return super.allocate(size, align, hint);
                    }
                });
        hostile.next = Optional.of(Hostile.Fault.THROWS);
        assertThat(plan.allocate(owner, 1, 16)).isNotNegative();
        assertThat(onlyEjection().message()).contains("EvilException");
    }

    private static final class EvilException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    private void install(Function<Geometry, Hostile> make) {
        StrategyBinding binding =
                Hostile.binding(geometry -> {
                    hostile = make.apply(geometry);
                    return hostile;
                });
        plan.install(binding, StrategyTrial.prepare(binding, plan));
        before = plan.allocate(owner, 1000, 16);
        assertThat(before).isNotNegative();
        assertThat(plan.binding()).isSameAs(binding);
    }

    private StrategyEjection onlyEjection() {
        List<StrategyEjection> ejections = plan.takeEjections();
        assertThat(ejections).hasSize(1);
        assertThat(plan.binding().name()).isEqualTo("FIRST_FIT");
        return ejections.getFirst();
    }

    private void assertBlocksValid() {
        assertThat(plan.size(before)).isEqualTo(1008);
        assertThat(plan.usedBytes()).isEqualTo(owner.bytes());
        plan.releaseSome(owner, Integer.MAX_VALUE);
        assertThat(plan.usedBytes()).isZero();
        assertThat(plan.largestFreeBytes()).isEqualTo(8 * MIB);
    }
}
