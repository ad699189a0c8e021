// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.scheduling;

import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

final class TurnByTurnContractTest extends SchedulingPolicyContract {
    @Override
    protected SchedulingPolicyFactory factory() {
        return new TurnByTurnFactory();
    }
}
