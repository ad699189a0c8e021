// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.memory.Geometry;
import org.spicetime.runtime.api.memory.MoveSink;

/** Strategies whose plans of moves are wrong. Blocks: 0 at 0, a gap, 2 at 2048, 3 at 3072. */
final class HostileMovesTest {
    private static final long MIB = 1L << 20;

    /** Plans that are wrong; block 2 is the one they move. */
    enum Plan {
        OVERLAPS {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 2048, 512);
            }
        },
        OVER_ITS_NEIGHBOUR {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 2048, 2064);
            }
        },
        FROM_A_FREE_PLACE {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 1024, 4096);
            }
        },
        FROM_ANOTHER_BLOCKS_PLACE {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 3072, 1024);
            }
        },
        FOREIGN_ID {
            @Override
            void propose(MoveSink sink) {
                sink.move(77, 2048, 1024);
            }
        },
        MISALIGNED {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 2048, 1032);
            }
        },
        OUT_OF_THE_POOL {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 2048, 1L << 50);
            }
        },
        BELOW_THE_POOL {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 2048, -16);
            }
        },
        INTO_THE_RESERVE {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 2048, 4 * MIB);
            }
        },
        FROM_OUT_OF_THE_POOL {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, Long.MIN_VALUE, 1024);
            }
        },
        ENDLESS {
            @Override
            void propose(MoveSink sink) {
                while (!sink.move(2, 2048, 2048)) {
                    assertThat(sink.over()).isFalse();
                }
            }
        },
        TO_AND_FRO {
            @Override
            void propose(MoveSink sink) {
                while (true) {
                    sink.move(2, 2048, 1024);
                    sink.move(2, 1024, 2048);
                }
            }
        },
        NOT_TAKEN_OVER {
            @Override
            void propose(MoveSink sink) {
                sink.move(2, 2048, 1024);
            }
        },
        SWALLOWS_WHAT_IT_IS_TOLD {
            @Override
            void propose(MoveSink sink) {
                for (int i = 0; i < 10; i++) {
                    try {
                        sink.move(77, 2048, 1024);
                    } catch (IllegalArgumentException | IllegalStateException told) {
                        assertThat(told).hasMessageContaining("planMoves").isNotNull();
                    } finally {
                        i++;
                    }
                }
            }
        };

        abstract void propose(MoveSink sink);
    }

    private final StampedPool pool = new StampedPool(4 * MIB);
    private final PoolPlan plan = pool.plan;
    private final BlockOwner owner = new BlockOwner(1);
    private Optional<Plan> told = Optional.empty();
    private Optional<MoveSink> kept = Optional.empty();

    @BeforeEach
    void blocksOfTheStrategyLive() {
        StrategyBinding binding = Hostile.binding(Misplanning::new);
        plan.install(binding, StrategyTrial.prepare(binding, plan));
        for (int i = 0; i < 4; i++) {
            pool.movable(owner, 1024, 16);
        }
        pool.release(pool.stamps.keySet().stream().skip(1).findFirst().orElseThrow());
    }

    private final class Misplanning extends Hostile {
        Misplanning(Geometry geometry) {
            super(geometry);
        }

        @Override
        public boolean planMoves(MoveSink sink, long byteBudget) {
            kept = Optional.of(sink);
            if (told.isEmpty()) {
                return super.planMoves(sink, byteBudget);
            }
            told.get().propose(sink);
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongPlanEjectsAndAllContentsStay(Plan wrong) {
        told = Optional.of(wrong);
        assertThat(pool.compactStep(MIB)).isFalse();
        StrategyEjection ejection = onlyEjection();
        assertThat(ejection.reason()).isEqualTo(EjectionReason.INVALID_RESULT);
        assertThat(ejection.report()).containsKeys("block", "bundle", "lastCalls");
        pool.assertContents();
        pool.compactStep(MIB);
        pool.migrateStep(MIB);
        pool.assertContents();
        assertThat(plan.takeEjections()).isEmpty();
        plan.releaseSome(owner, Integer.MAX_VALUE);
        assertThat(plan.usedBytes()).isZero();
        assertThat(plan.largestFreeBytes()).isEqualTo(4 * MIB);
    }

    @Test
    void aHonestPlanOfTheSameStrategyIsCarriedOut() {
        assertThat(pool.compactStep(MIB)).isFalse();
        assertThat(plan.takeEjections()).isEmpty();
        assertThat(pool.moves).isEqualTo(2);
        pool.assertContents();
    }

    @Test
    void aSinkThatWasKeptMovesNothing() {
        pool.compactStep(MIB);
        MoveSink sink = kept.orElseThrow();
        assertThatThrownBy(() -> sink.move(2, 1024, 4096))
                .isInstanceOf(IllegalStateException.class);
        assertThat(sink.over()).isTrue();
        pool.assertContents();
    }

    @Test
    void aFailureOfTheHostIsNotTheStrategysFault() {
        BlockMover broken =
                new BlockMover() {
                    @Override
                    public boolean move(long block, long from, long to, long size) {
                        throw new UnsupportedOperationException("no memory here");
                    }

                    @Override
                    public boolean over() {
                        return false;
                    }
                };
        assertThatThrownBy(() -> plan.moves().compactStep(broken, MIB))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(plan.takeEjections()).isEmpty();
        pool.assertContents();
        plan.audit();
        assertThat(plan.takeEjections()).isEmpty();
    }

    private StrategyEjection onlyEjection() {
        List<StrategyEjection> ejections = plan.takeEjections();
        assertThat(ejections).hasSize(1);
        assertThat(plan.binding().name()).isEqualTo("FIRST_FIT");
        return ejections.getFirst();
    }
}
