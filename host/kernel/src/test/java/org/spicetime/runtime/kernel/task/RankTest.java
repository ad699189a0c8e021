// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RankTest {

    private final Fixture before = new Fixture();
    private final Fixture after = new Fixture();

    @Test
    void ranks_grow_in_the_order_of_release_and_from_one_kernel_to_the_next() {
        TaskEntry first = before.admit(Fixture.task());
        TaskEntry second = before.admit(Fixture.task());
        TaskEntry later = after.admit(Fixture.task());

        assertThat(before.kernel.rank(first, 1000, before.now()))
                .isLessThan(before.kernel.rank(second, 1000, before.now()));
        assertThat(after.kernel.rank(later, 2000, after.now()))
                .isGreaterThan(before.kernel.rank(second, 1000, before.now()));
    }
}
