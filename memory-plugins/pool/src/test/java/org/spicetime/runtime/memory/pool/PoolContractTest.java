// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.pool;

import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.testkit.memory.AllocationStrategyContract;

final class PoolContractTest extends AllocationStrategyContract {
    @Override
    protected AllocationStrategyFactory factory() {
        return new PoolFactory();
    }

    @Override
    protected long largestBlock() {
        return 4096;
    }
}
