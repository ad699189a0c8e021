// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.testkit.scheduling.SchedulingPolicyContract;

final class ConstantBandwidthContractTest extends SchedulingPolicyContract {
    @Override
    protected SchedulingPolicyFactory factory() {
        return new ConstantBandwidthFactory();
    }
}
