// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/**
 * Does not let the bundle start while the token file cannot be used, so that the start of the host
 * ends with that reason. A component that fails is only noted in the log, and the host would look
 * ready with a door that nobody can open. Called by the framework.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class TokenActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) throws BundleException {
        try {
            var _ = new TokenAuthenticator(TokenAuthenticator.instance(context));
        } catch (UnusableTokenException e) {
            throw new BundleException(e.getMessage(), BundleException.ACTIVATOR_ERROR, e);
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
