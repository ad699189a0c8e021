// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.magazine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SizeClassesTest {

    @Test
    void everySizeGoesToTheSmallestClassThatHoldsItAndLosesLessThanAQuarter() {
        for (long bytes = 1; bytes <= SizeClasses.MOST_BYTES; bytes++) {
            int sizeClass = SizeClasses.of(bytes);
            long given = SizeClasses.bytes(sizeClass);
            assertThat(given).isGreaterThanOrEqualTo(bytes);
            assertThat(given % 16).isZero();
            if (sizeClass > 0) {
                assertThat(SizeClasses.bytes(sizeClass - 1)).isLessThan(bytes);
            }
            if (bytes >= 64) {
                assertThat(given - bytes).isLessThanOrEqualTo(bytes / 4);
            }
        }
        assertThat(SizeClasses.of(SizeClasses.MOST_BYTES)).isEqualTo(SizeClasses.COUNT - 1);
    }

    @Test
    void aPlaceTellsWhatWasPutIntoIt() {
        long offset = (1L << 40) - 48;
        long place = Place.of(offset, Place.MOST_BYTES, 43, 129);
        assertThat(Place.offset(place)).isEqualTo(offset);
        assertThat(Place.size(place)).isEqualTo(Place.MOST_BYTES);
        assertThat(Place.sizeClass(place)).isEqualTo(43);
        assertThat(Place.of(place, 129)).isTrue();
        assertThat(Place.of(place, 128)).isFalse();
    }
}
