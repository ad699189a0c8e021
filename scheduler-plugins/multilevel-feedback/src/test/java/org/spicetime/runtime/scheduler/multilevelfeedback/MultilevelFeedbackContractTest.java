// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.multilevelfeedback;

import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;
import org.spicetime.runtime.testkit.scheduling.SchedulingPolicyContract;

final class MultilevelFeedbackContractTest extends SchedulingPolicyContract {
    @Override
    protected SchedulingPolicyFactory factory() {
        return new MultilevelFeedbackFactory();
    }
}
