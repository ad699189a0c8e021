// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;

/**
 * The door of the Felix web console, for administrators who may deploy: it lets in whom the gate
 * has found. The console names it in {@code felix.webconsole.security.providers}, and so stays shut
 * until it is there. Thread-safe.
 */
@Component(
        service = SecurityProvider.class,
        property = SecurityProvider.PROPERTY_ID + "=" + ConsoleSecurityProvider.ID)
public final class ConsoleSecurityProvider implements SecurityProvider {
    static final String ID = "org.spicetime.runtime.security";
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSecurityProvider.class);

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(RequestGate.ATTRIBUTE) instanceof Caller caller
                && caller.role() == Role.ADMIN
                && caller.mayDeploy()) {
            return caller.name();
        }
        refuse(response);
        return null;
    }

    @Override
    public boolean authorize(Object user, String role) {
        return true; // only administrators come this far
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        refuse(response); // a browser forgets the password when it is refused
    }

    private static void refuse(HttpServletResponse response) {
        try {
            Refusal.unauthenticated(true).send(response, false);
        } catch (IOException e) {
            LOG.debug("the client is gone", e);
        }
    }
}
