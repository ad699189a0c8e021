// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.memory;

import org.spicetime.runtime.api.memory.AllocationStrategyFactory;
import org.spicetime.runtime.kernel.memory.FirstFitFactory;

final class FirstFitContractTest extends AllocationStrategyContract {
    @Override
    protected AllocationStrategyFactory factory() {
        return new FirstFitFactory();
    }
}
