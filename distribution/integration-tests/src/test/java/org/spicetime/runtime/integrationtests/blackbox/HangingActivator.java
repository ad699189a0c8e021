// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not return from its start, and does not heed an interrupt. Packed into a bundle. */
public final class HangingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        CountDownLatch never = new CountDownLatch(1);
        while (never.getCount() > 0) {
            try {
                never.await();
            } catch (InterruptedException notHeeded) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
