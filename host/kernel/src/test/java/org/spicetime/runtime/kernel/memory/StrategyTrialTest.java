// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spicetime.runtime.api.catalogue.EjectionReason;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.memory.BlockVisitor;
import org.spicetime.runtime.kernel.memory.Hostile.Fault;

/** The rehearsal finds what is wrong with a strategy before a pool depends on it. */
final class StrategyTrialTest {
    private static final long POOL = 8L << 20;

    @Test
    void anHonestStrategyPasses() {
        assertThat(StrategyTrial.rehearse(Hostile.binding(Hostile::new), POOL, 1)).isNull();
        assertThat(StrategyTrial.rehearse(StrategyBinding.firstFit(), POOL, 1)).isNull();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyWrongAnswerIsFound(Fault wrong) {
        StrategyEjection found =
                StrategyTrial.rehearse(
                        Hostile.binding(geometry -> {
                            Hostile hostile = new Hostile(geometry);
                            hostile.next = Optional.of(wrong);
                            return hostile;
                        }),
                        POOL,
                        1);
        assertThat(found).as("%s", wrong).isNotNull();
        boolean throwing = EnumSet.of(Fault.THROWS, Fault.OVERFLOWS_THE_STACK).contains(wrong);
        assertThat(found.reason())
                .isEqualTo(throwing ? EjectionReason.EXCEPTION : EjectionReason.INVALID_RESULT);
        assertThat(found.report()).containsKey("lastCalls");
    }

    @Test
    void aStrategyThatLosesBlocksIsFound() {
        StrategyEjection found =
                StrategyTrial.rehearse(
                        Hostile.binding(geometry ->
                                new Hostile(geometry) {
                                    @Override
                                    public void forEachBlock(BlockVisitor visitor) {}
                                }),
                        POOL,
                        1);
        assertThat(found).isNotNull();
        assertThat(found.reason()).isEqualTo(EjectionReason.LOST);
    }

    @Test
    void aStrategyThatCannotBeMadeIsFound() {
        StrategyEjection found =
                StrategyTrial.rehearse(
                        Hostile.binding(geometry -> {
                            throw new IllegalStateException("as planned");
                        }),
                        POOL,
                        1);
        assertThat(found).isNotNull();
        assertThat(found.message()).contains("as planned");
    }

    @Test
    void optionsItRefusesAreNoFaultOfTheStrategy() {
        StrategyBinding choosy =
                Hostile.binding(geometry -> {
                    throw RefusedException.outOfRange("memory.parameters.x", 1, "2 to 3");
                });
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> StrategyTrial.rehearse(choosy, POOL, 1))
                .withMessageContaining("memory.parameters.x must be 2 to 3");
    }
}
