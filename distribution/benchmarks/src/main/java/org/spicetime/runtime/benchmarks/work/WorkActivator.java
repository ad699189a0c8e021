// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.work;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.spicetime.runtime.api.handler.TaskHandler;

/** Registers the handlers of this bundle; the framework takes them back when it stops. */
public final class WorkActivator implements BundleActivator {
    /** For the framework. */
    public WorkActivator() {}

    @Override
    public void start(BundleContext context) {
        context.registerService(TaskHandler.class, new BurnHandler(), null);
        context.registerService(TaskHandler.class, new ArriveHandler(), null);
        context.registerService(TaskHandler.class, new HoldHandler(), null);
        context.registerService(TaskHandler.class, new LendHandler(context), null);
        context.registerService(TaskHandler.class, new NothingHandler(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework unregisters the services of a bundle that stops.
    }
}
