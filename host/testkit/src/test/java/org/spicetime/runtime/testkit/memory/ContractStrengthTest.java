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
import org.spicetime.runtime.api.memory.MoveSink;
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

    @Test
    void aMoveOntoALiveBlockIsNoticed() {
        assertNoticed(
                honest -> new FieldMover(honest, 1),
                AllocationStrategyContract::movesLeaveLiveBlocksAloneAndKeepIds);
    }

    @Test
    void aMoveOfAnUnknownBlockIsNoticed() {
        assertNoticed(
                honest -> new FieldMover(honest, 1_000_000_000),
                AllocationStrategyContract::pinnedBlocksStayAndPlanningEnds);
    }

    @Test
    void aPlannerThatMovesNothingIsNoticed() {
        assertNoticed(
                honest -> new BadStrategy(honest),
                AllocationStrategyContract::compactionJoinsWhatACheckerboardKeepsApart);
    }

    /** Moves each block to where a granule further the block lies whose id is so much larger. */
    private static final class FieldMover extends BadStrategy {
        private final long idStep;

        FieldMover(AllocationStrategy honest, long idStep) {
            super(honest);
            this.idStep = idStep;
        }

        @Override
        public boolean planMoves(MoveSink sink, long byteBudget) {
            forEachBlock((id, offset, size) -> sink.move(id + idStep - 1, offset, offset + 16));
            return false;
        }
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
                    StrategyDescriptor facts = honest.descriptor();
                    return new StrategyDescriptor(
                            facts.name(),
                            facts.version(),
                            facts.description(),
                            facts.boundedTime(),
                            facts.granuleBytes(),
                            facts.maxPoolBytes(),
                            facts.maxBlockBytes(),
                            true,
                            facts.concurrency(),
                            facts.options());
                }

                @Override
                public AllocationStrategy create(Geometry geometry, Options options) {
                    return mistake.apply(honest.create(geometry, options));
                }
            };
        }
    }
}
