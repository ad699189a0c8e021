// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Throws from its start. Packed into a bundle. */
public final class ThrowingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("the licence server is not there");
    }

    @Override
    public void stop(BundleContext context) {}
}
