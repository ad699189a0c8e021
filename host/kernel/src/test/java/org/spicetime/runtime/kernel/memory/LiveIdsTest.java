// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LiveIdsTest {
    @Test
    void itIsASetOfIds() {
        long seed = Seeds.next();
        Random random = new Random(seed);
        LiveIds ids = new LiveIds();
        Set<Long> model = new HashSet<>();
        for (int step = 0; step < 200_000; step++) {
            long id = (long) random.nextInt(4) << 32 | random.nextInt(400);
            if (random.nextBoolean()) {
                assertThat(ids.add(id)).as("step %d, seed %d", step, seed).isEqualTo(model.add(id));
            } else {
                ids.remove(id);
                model.remove(id);
            }
        }
    }
}
