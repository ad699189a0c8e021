// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.blackbox;

import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;
import org.spicetime.runtime.integrationtests.BundleJar;

/**
 * Knows a viewer besides those whom the host knows: a host as shipped has its administrator alone.
 * It runs in the host, not in the test. Thread-safe.
 */
@SuppressWarnings("NullAway.Init")
public final class KnowsAViewer implements BundleActivator, Authenticator {
    static final String TOKEN = "of-a-viewer";

    /** What a reference to the authenticator must say to mean this one, as a file of settings. */
    static final String TARGET = "Authenticator.target=\"(knows\\=viewer)\"\n";

    private static final Caller VIEWER = new Caller("viewer", Role.VIEWER, false);

    private volatile Authenticator others;

    static BundleJar bundle() {
        return BundleJar.empty("com.acme.viewer", "1.0.0")
                .activator(KnowsAViewer.class)
                .header("Import-Package", "org.osgi.framework,org.spicetime.runtime.api.security");
    }

    @Override
    public void start(BundleContext context) throws InvalidSyntaxException {
        ServiceReference<Authenticator> host =
                context.getServiceReferences(Authenticator.class, "(!(knows=*))").iterator().next();
        others = context.getService(host);
        context.registerService(
                Authenticator.class, this, FrameworkUtil.asDictionary(Map.of("knows", "viewer")));
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public Optional<Caller> authenticate(String bearerToken) {
        return bearerToken.equals(TOKEN) ? Optional.of(VIEWER) : others.authenticate(bearerToken);
    }

    @Override
    public boolean holds(Caller caller) {
        return caller.equals(VIEWER) || others.holds(caller);
    }
}
