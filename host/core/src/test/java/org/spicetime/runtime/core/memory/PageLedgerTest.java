// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PageLedgerTest {
    private final PageLedger pages = new PageLedger();

    @Test
    void aPageIsDirtyAsSoonAsAByteOfItIsUsed() {
        pages.used(4095, 2);
        assertThat(pages.dirty(0, 4096)).isTrue();
        assertThat(pages.dirty(4096, 4096)).isTrue();
        assertThat(pages.dirty(8192, 4096)).isFalse();
    }

    @Test
    void onlyPagesThatLieInARangeAsAWholeDecideWhetherItIsClean() {
        pages.used(0, 16);
        pages.used(3 * 4096, 16);
        assertThat(pages.innerPagesClean(100, 3 * 4096)).isTrue();
        assertThat(pages.innerPagesClean(0, 3 * 4096)).isFalse();
        pages.cleaned(0, 4096);
        assertThat(pages.innerPagesClean(0, 3 * 4096)).isTrue();
    }
}
