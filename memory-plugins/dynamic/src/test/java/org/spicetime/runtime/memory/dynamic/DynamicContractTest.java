// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.memory.dynamic;

import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.testkit.memory.AllocationStrategyContract;

final class DynamicContractTest extends AllocationStrategyContract {
    @Override
    protected AllocationStrategyFactory factory() {
        return new DynamicFactory();
    }
}
