// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.deploy;

import java.util.Arrays;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/**
 * One call into the framework that runs code of a bundle, so it may hang. Thread-safe.
 *
 * @param thread that makes the call
 * @param bundle whose code is run
 * @param what it does, e.g. {@code start}
 * @param sinceNanos when the call began, of {@link System#nanoTime}
 */
record Operation(Thread thread, Bundle bundle, String what, long sinceNanos) {

    long ageNanos() {
        return System.nanoTime() - sinceNanos;
    }

    /** Where the bundle's own code is now; empty: it cannot be told. */
    Optional<String> where() {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> isOf(frame.getClassName()))
                .findFirst()
                .map(StackTraceElement::toString);
    }

    private boolean isOf(String className) {
        try {
            return bundle.equals(FrameworkUtil.getBundle(bundle.loadClass(className)));
        } catch (ClassNotFoundException | IllegalStateException | LinkageError notThere) {
            return false;
        }
    }
}
