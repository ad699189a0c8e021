// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.launcher;

import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** Decides whether a shipped bundle is as far as it must be. */
final class BundleAudit {

    /**
     * What the rule looks at. Immutable.
     *
     * @param state a state of {@link Bundle}
     * @param fragment whether the bundle is part of another, and so never started
     * @param lazy whether it waits for its first class to be loaded
     */
    record Standing(int state, boolean fragment, boolean lazy) {
        static Standing of(Bundle bundle) {
            String policy = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY);
            return new Standing(
                    bundle.getState(),
                    isFragment(bundle),
                    policy != null && policy.strip().startsWith(Constants.ACTIVATION_LAZY));
        }
    }

    private BundleAudit() {}

    static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
    }

    /**
     * The state's name if that is not far enough: a fragment is resolved, a lazy bundle starting,
     * others active.
     */
    static Optional<String> problem(Standing standing) {
        boolean well =
                switch (standing.state()) {
                    case Bundle.ACTIVE -> true;
                    case Bundle.STARTING -> standing.lazy();
                    case Bundle.RESOLVED -> standing.fragment();
                    default -> false;
                };
        return well ? Optional.empty() : Optional.of(nameOf(standing.state()));
    }

    private static String nameOf(int state) {
        return switch (state) {
            case Bundle.UNINSTALLED -> "uninstalled";
            case Bundle.INSTALLED -> "not resolved";
            case Bundle.RESOLVED -> "not started";
            case Bundle.STARTING -> "still starting";
            case Bundle.STOPPING -> "stopping";
            default -> "in state " + state;
        };
    }
}
