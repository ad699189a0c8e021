// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;

/**
 * Knows the administrator by the token of the instance; only its SHA-256 is kept in memory.
 * Thread-safe.
 */
@Component(service = Authenticator.class, immediate = true)
public final class TokenAuthenticator implements Authenticator {
    private static final String INSTANCE = "spicetime.instance";
    private static final Caller ADMIN = new Caller("admin", Role.ADMIN, true);
    private static final int LONGEST_TOKEN = 1024;

    private final byte[] adminHash;

    @Activate
    public TokenAuthenticator(BundleContext context) {
        this(instance(context));
    }

    TokenAuthenticator(Path instance) {
        adminHash = sha256(new AdminTokenFile(instance).readOrCreate());
    }

    @Override
    public Optional<Caller> authenticate(String bearerToken) {
        if (bearerToken.length() > LONGEST_TOKEN) return Optional.empty();
        boolean same = MessageDigest.isEqual(sha256(bearerToken), adminHash);
        return same ? Optional.of(ADMIN) : Optional.empty();
    }

    private static Path instance(BundleContext context) {
        String path = context.getProperty(INSTANCE);
        if (path == null) {
            throw new UnusableTokenException(
                    "the framework property %s (the instance directory) is missing"
                            .formatted(INSTANCE));
        }
        return Path.of(path);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
