// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.util.concurrent.CountDownLatch;
import org.spicetime.runtime.api.Options;
import org.spicetime.runtime.api.scheduler.Policy;
import org.spicetime.runtime.api.scheduler.PolicyContext;
import org.spicetime.runtime.api.scheduler.PolicyDescriptor;
import org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory;

/** A component whose constructor does not return before it is interrupted. Packed into a bundle. */
public final class HangingPolicyFactory implements SchedulingPolicyFactory {

    /** Hangs. */
    public HangingPolicyFactory() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Override
    public PolicyDescriptor descriptor() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Policy create(PolicyContext context, Options options) {
        throw new UnsupportedOperationException();
    }
}
