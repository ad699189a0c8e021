// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.deploy;

import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.spicetime.runtime.core.bundles.MissingRequirements;

/** Why a bundle did not start, in plain words. */
final class StartFailure {

    private StartFailure() {}

    /** Sentences; none when what is missing is told by {@link MissingRequirements} anyway. */
    static List<String> sentences(Bundle bundle, Bundle systemBundle, BundleException failure) {
        return switch (failure.getType()) {
            case BundleException.RESOLVE_ERROR ->
                    new MissingRequirements(systemBundle).of(bundle).isEmpty()
                            ? List.of("it does not resolve: " + failure.getMessage())
                            : List.of();
            case BundleException.REJECTED_BY_HOOK, BundleException.SECURITY_ERROR ->
                    List.of("the framework does not start it: " + failure.getMessage());
            default -> List.of(activator(bundle, failure));
        };
    }

    private static String activator(Bundle bundle, BundleException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        StackTraceElement[] stack = cause.getStackTrace();
        String activator = bundle.getHeaders("").get("Bundle-Activator");
        if (cause instanceof ClassNotFoundException) {
            return "its activator " + activator + " is not in it; correct Bundle-Activator";
        }
        if (cause instanceof InterruptedException) {
            return "its activator was interrupted because it did not return; leave long work to a"
                    + " thread";
        }
        return "its activator threw "
                + cause
                + (stack.length == 0 ? "" : " at " + stack[0])
                + "; mend it and drop the jar again";
    }
}
