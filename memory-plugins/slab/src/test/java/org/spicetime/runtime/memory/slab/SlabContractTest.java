// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.slab;

import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.testkit.memory.AllocationStrategyContract;

final class SlabContractTest extends AllocationStrategyContract {
    @Override
    protected AllocationStrategyFactory factory() {
        return new SlabFactory();
    }
}
