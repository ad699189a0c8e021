// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.staticpartition;

import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.testkit.memory.AllocationStrategyContract;

final class StaticPartitionContractTest extends AllocationStrategyContract {
    @Override
    protected AllocationStrategyFactory factory() {
        return new StaticPartitionFactory();
    }

    @Override
    protected long largestBlock() {
        return 65_536;
    }
}
