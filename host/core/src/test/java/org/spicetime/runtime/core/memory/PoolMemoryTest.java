// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.spicetime.runtime.core.memory.Pools.MIB;

import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RuntimeErrorCode;

final class PoolMemoryTest {
    @Test
    void aMappingIsZeroAlignedAndZeroAgainWhenDiscarded() {
        assumeThat(LinuxMapping.supported()).as("anonymous mappings of Linux").isTrue();
        LinuxMapping mapping = LinuxMapping.map(4 * MIB, MIB);
        assertThat(mapping.segment().address() % MIB).isZero();
        assertThat(mapping.segment().byteSize()).isEqualTo(4 * MIB);
        mapping.segment().fill((byte) 5);
        assertThat(mapping.discard(MIB, MIB)).isTrue();
        assertThat(mapping.segment().get(JAVA_BYTE, MIB - 1)).isEqualTo((byte) 5);
        assertThat(mapping.segment().get(JAVA_BYTE, MIB)).isZero();
        assertThat(mapping.segment().get(JAVA_BYTE, 2 * MIB)).isEqualTo((byte) 5);
        mapping.release();
    }

    @Test
    void aMappingGrowsAndShrinksWhereItLies() {
        assumeThat(LinuxMapping.supported()).as("anonymous mappings of Linux").isTrue();
        LinuxMapping mapping = LinuxMapping.map(4 * MIB, MIB);
        long address = mapping.segment().address();
        mapping.segment().fill((byte) 5);
        assertThat(mapping.resize(16 * MIB)).isTrue();
        assertThat(mapping.segment().address()).isEqualTo(address);
        assertThat(mapping.segment().get(JAVA_BYTE, 4 * MIB - 1)).isEqualTo((byte) 5);
        assertThat(mapping.segment().get(JAVA_BYTE, 16 * MIB - 1)).isZero();
        assertThat(mapping.resize(2 * MIB)).isTrue();
        assertThat(mapping.segment().byteSize()).isEqualTo(2 * MIB);
        assertThat(mapping.resize(4 * MIB)).isTrue();
        assertThat(mapping.segment().get(JAVA_BYTE, 2 * MIB - 1)).isEqualTo((byte) 5);
        assertThat(mapping.segment().get(JAVA_BYTE, 2 * MIB)).isZero();
        assertThat(mapping.resize(1L << 41)).isFalse();
        assertThat(mapping.segment().byteSize()).isEqualTo(4 * MIB);
        mapping.release();
    }

    @Test
    void aMappingBeyondTheAddressSpaceIsRefused() {
        assumeThat(LinuxMapping.supported()).as("anonymous mappings of Linux").isTrue();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> LinuxMapping.map(1L << 60, MIB))
                .satisfies(refused ->
                        assertThat(refused.code()).isEqualTo(RuntimeErrorCode.RESOURCE_EXHAUSTED));
    }

    @Test
    void withoutMappingsAnArenaServesButCannotGivePagesBack() {
        PoolMemory memory = ArenaMemory.allocate(4 * MIB, MIB);
        assertThat(memory.segment().address() % MIB).isZero();
        memory.segment().fill((byte) 5);
        assertThat(memory.discard(0, MIB)).isFalse();
        assertThat(memory.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 5);
        memory.release();
        assertThat(memory.segment().scope().isAlive()).isFalse();
    }
}
