// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.memory.AllocationStrategy;
import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.api.memory.FragmentationStats;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.StrategyDescriptor;
import org.spicetime.runtime.kernel.memory.FirstFitFactory;

/** The contract notices each kind of mistake. */
final class ContractStrengthTest {
    @Test
    void aBlockOffItsAlignmentIsNoticed() {
        assertNoticed(
                honest ->
                        new BadStrategy(honest) {
                            @Override
                            public long allocate(long size, long align, int hint) {
                                return super.allocate(size, 16, hint);
                            }
                        },
                AllocationStrategyContract::everyAlignmentUpToAZoneIsKept);
    }

    @Test
    void blocksThatOverlapAreNoticed() {
        assertNoticed(
                honest ->
                        new BadStrategy(honest) {
                            @Override
                            public long offset(long id) {
                                return id % 97 == 96 ? 0 : super.offset(id);
                            }
                        },
                AllocationStrategyContract::aRandomTraceKeepsBlocksApartAlignedAndInsideTheirZones);
    }

    @Test
    void aBlockThatIsTooSmallIsNoticed() {
        assertNoticed(
                honest ->
                        new BadStrategy(honest) {
                            @Override
                            public long size(long id) {
                                return super.size(id) - 16;
                            }
                        },
                AllocationStrategyContract::aRandomTraceKeepsBlocksApartAlignedAndInsideTheirZones);
    }

    @Test
    void memoryThatIsNotGivenBackIsNoticed() {
        assertNoticed(
                honest ->
                        new BadStrategy(honest) {
                            private int releases;

                            @Override
                            public void release(long id) {
                                if (++releases % 50 != 0) {
                                    super.release(id);
                                }
                            }
                        },
                AllocationStrategyContract::whatWasExhaustedIsAllocatableAgainAsAWhole);
    }

    @Test
    void aSecondReleaseThatIsAcceptedIsNoticed() {
        assertNoticed(
                honest ->
                        new BadStrategy(honest) {
                            @Override
                            public void release(long id) {
                                try {
                                    super.release(id);
                                } catch (IllegalArgumentException swallowed) {
                                    // the mistake
                                }
                            }
                        },
                AllocationStrategyContract::aReleasedBlockCannotBeUsedOrReleasedAgain);
    }

    @Test
    void aZoneThatIsNeverGivenUpIsNoticed() {
        assertNoticed(
                honest ->
                        new BadStrategy(honest) {
                            @Override
                            public boolean dropZone(long offset) {
                                return false;
                            }
                        },
                AllocationStrategyContract::zonesComeAndGoInAnyOrderWhileBlocksLive);
    }

    @Test
    void statsThatLieAreNoticed() {
        assertNoticed(
                honest ->
                        new BadStrategy(honest) {
                            @Override
                            public FragmentationStats stats() {
                                return new FragmentationStats(1L << 30, 1L << 30, 1, 0);
                            }
                        },
                AllocationStrategyContract::aRequestThatCannotFitIsAnsweredByAFailure);
    }

    @Test
    void aLiveBlockThatIsNotShownIsNoticed() {
        assertNoticed(
                honest ->
                        new BadStrategy(honest) {
                            @Override
                            public void forEachBlock(BlockVisitor visitor) {
                                super.forEachBlock((id, offset, size) -> {
                                    if (id != 0) {
                                        visitor.visit(id, offset, size);
                                    }
                                });
                            }
                        },
                AllocationStrategyContract::anUnknownIdIsRefusedAndChangesNothing);
    }

    private static void assertNoticed(
            UnaryOperator<AllocationStrategy> mistake, Consumer<AllocationStrategyContract> test) {
        AllocationStrategyContract contract = new Contract(mistake);
        contract.createStrategy(entry -> {});
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> test.accept(contract));
    }

    /** Not discovered as a test of its own: nested classes are not, unless they say so. */
    private static final class Contract extends AllocationStrategyContract {
        private final UnaryOperator<AllocationStrategy> mistake;

        Contract(UnaryOperator<AllocationStrategy> mistake) {
            this.mistake = mistake;
        }

        @Override
        protected AllocationStrategyFactory factory() {
            FirstFitFactory honest = new FirstFitFactory();
            return new AllocationStrategyFactory() {
                @Override
                public StrategyDescriptor descriptor() {
                    return honest.descriptor();
                }

                @Override
                public AllocationStrategy create(Geometry geometry, Options options) {
                    return mistake.apply(honest.create(geometry, options));
                }
            };
        }
    }
}
