// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.examples.keyedpolicy;

import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.testkit.scheduling.SchedulingPolicyContract;

final class WeightedShortestJobContractTest extends SchedulingPolicyContract {
    @Override
    protected SchedulingPolicyFactory factory() {
        return new WeightedShortestJobFactory();
    }
}
