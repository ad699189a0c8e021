// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;
import org.spicetime.runtime.api.memory.AllocationFailure;

final class PoolPlanTest {
    private static final long MIB = 1L << 20;

    private final PoolPlan plan = new PoolPlan(8 * MIB);
    private final BlockOwner owner = new BlockOwner(1);

    @Test
    void usedCountsRoundingAndTheOwnerKnowsItsPeak() {
        long first = plan.allocate(owner, 1, 1);
        long second = plan.allocate(owner, 17, 1);
        assertThat(plan.usedBytes()).isEqualTo(16 + 32);
        plan.release(first);
        assertThat(plan.usedBytes()).isEqualTo(32);
        assertThat(owner.bytes()).isEqualTo(32);
        assertThat(owner.peakBytes()).isEqualTo(48);
        assertThat(plan.size(second)).isEqualTo(32);
    }

    @Test
    void aStaleOrUnknownBlockIsRefused() {
        long block = plan.allocate(owner, 100, 16);
        plan.release(block);
        long reused = plan.allocate(owner, 100, 16);
        assertThat(reused).isNotEqualTo(block);
        for (long id : new long[] {block, -1, Long.MAX_VALUE, reused + 1}) {
            assertThatIllegalArgumentException().isThrownBy(() -> plan.release(id));
        }
        assertThat(plan.liveBlocks()).isOne();
    }

    @Test
    void thePoolIsAHardLimitAndTheReserveIsNotPartOfIt() {
        assertThat(plan.mappedBytes()).isEqualTo(9 * MIB);
        assertThat(plan.allocate(owner, 8 * MIB, 16)).isNotNegative();
        assertThat(plan.allocate(owner, 1, 16)).isEqualTo(PoolPlan.OVER_QUOTA);
        assertThat(plan.allocate(owner, Long.MAX_VALUE, 16)).isEqualTo(PoolPlan.OVER_QUOTA);
    }

    @Test
    void aCapLimitsThePoolAndCannotGoBelowWhatIsUsed() {
        long block = plan.allocate(owner, 3 * MIB, 16);
        plan.cap(4 * MIB);
        assertThat(plan.totalBytes()).isEqualTo(4 * MIB);
        assertThat(plan.largestFreeBytes()).isEqualTo(MIB);
        assertThat(plan.allocate(owner, MIB + 1, 16)).isEqualTo(PoolPlan.OVER_QUOTA);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> plan.cap(3 * MIB - 1))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED);
                    assertThat(refused.details())
                            .containsEntry("requested", 3 * MIB - 1)
                            .containsEntry("used", 3 * MIB);
                });
        assertThat(plan.totalBytes()).isEqualTo(4 * MIB);
        plan.release(block);
        plan.cap(Long.MAX_VALUE);
        assertThat(plan.totalBytes()).isEqualTo(8 * MIB);
    }

    @Test
    void aBlockMayLieAcrossZonesAndAnAlignmentIsKept() {
        plan.allocate(owner, 100, 16);
        long large = plan.allocate(owner, 5 * MIB, MIB);
        assertThat(plan.offset(large)).isEqualTo(MIB);
        assertThat(plan.allocate(owner, 3 * MIB - 4096, 16))
                .isEqualTo(AllocationFailure.FRAGMENTED.result());
    }

    @Test
    void aQuarantinedOwnerCountsAsLeakedUntilItsBlocksAreReleased() {
        BlockOwner stuck = new BlockOwner(2);
        plan.allocate(stuck, 1000, 16);
        plan.allocate(owner, 1000, 16);
        plan.quarantine(stuck);
        plan.quarantine(stuck);
        assertThat(plan.leakedBytes()).isEqualTo(1008);
        assertThat(plan.usedBytes()).isEqualTo(2016);
        assertThat(plan.releaseSome(stuck, 10)).isFalse();
        assertThat(plan.leakedBytes()).isZero();
        assertThat(plan.usedBytes()).isEqualTo(1008);
    }

    @Test
    void whatAnOwnerHoldsIsReleasedInStepsToTheByte() {
        for (int i = 0; i < 5000; i++) {
            plan.allocate(owner, 1 + i % 300, 16);
        }
        int steps = 1;
        while (plan.releaseSome(owner, 1000)) {
            steps++;
        }
        assertThat(steps).isEqualTo(5);
        assertThat(plan.usedBytes()).isZero();
        assertThat(owner.bytes()).isZero();
        assertThat(owner.blocks()).isZero();
        assertThat(plan.largestFreeBytes()).isEqualTo(8 * MIB);
    }

    @Test
    void aSizeThatIsNoMultipleOfAMebibyteOrTooLargeIsRefused() {
        for (long bytes : new long[] {0, -MIB, MIB + 1, PoolPlan.maxPoolBytes() + MIB}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new PoolPlan(bytes));
        }
    }
}
