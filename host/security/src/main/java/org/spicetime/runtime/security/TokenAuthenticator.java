// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;
import org.spicetime.runtime.api.security.Role;

/*
 * The file is looked at every second.
 *   another token   it holds from now on, and the one before no longer
 *   no file         one is made, with a new token
 *   unusable        open to other users, or no token in it: nobody comes in until it is mended
 *   cannot be read  for now, such as for want of file descriptors: all stays as it is
 */

/**
 * Knows the administrator by the token of the instance; only hashes of it are kept in memory. A
 * token that is replaced or deleted while the host runs no longer holds a second later.
 * Thread-safe.
 */
@Component(service = Authenticator.class, immediate = true)
public final class TokenAuthenticator implements Authenticator {
    static final Duration LOOK = Duration.ofSeconds(1);
    private static final String INSTANCE = "spicetime.instance";
    private static final int LONGEST_TOKEN = 1024;
    private static final int CREDENTIAL_BYTES = 8;
    private static final MessageDigest SHA_256 = newSha256();
    private static final Logger LOG = LoggerFactory.getLogger(TokenAuthenticator.class);

    /** A token that holds. Immutable. */
    private static final class Known {
        private final byte[] hash;
        private final Caller caller;

        Known(String token) {
            hash = sha256(token.getBytes(StandardCharsets.UTF_8));
            String credential = HexFormat.of().formatHex(sha256(hash), 0, CREDENTIAL_BYTES);
            caller = new Caller("admin", Role.ADMIN, true, credential);
        }

        boolean is(byte[] other) {
            return MessageDigest.isEqual(hash, other);
        }
    }

    private final AdminTokenFile file;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Known known;
    private String told = ""; // only the thread that looks

    @Activate
    public TokenAuthenticator(BundleContext context) {
        this(instance(context));
        Thread.ofVirtual().name("admin-token").start(this::watch);
    }

    TokenAuthenticator(Path instance) {
        file = new AdminTokenFile(instance);
        known = new Known(file.readOrCreate());
    }

    /** From now on nobody can tell what holds. */
    @Deactivate
    void stop() {
        stopped.countDown();
        known = null;
    }

    @Override
    public Optional<Caller> authenticate(String bearerToken) {
        Known now = known;
        if (now == null || bearerToken.length() > LONGEST_TOKEN) return Optional.empty();
        byte[] hash = sha256(bearerToken.getBytes(StandardCharsets.UTF_8));
        return now.is(hash) ? Optional.of(now.caller) : Optional.empty();
    }

    @Override
    public boolean holds(Caller caller) {
        Known now = known;
        return now != null && now.caller.equals(caller);
    }

    private void watch() {
        try {
            while (!stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) look();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes the file as it is now. Called by one thread at a time. */
    void look() {
        try {
            take(new Known(file.current()));
            told = "";
        } catch (UnusableTokenException e) {
            shut(String.valueOf(e.getMessage()));
        } catch (AccessDeniedException e) {
            shut("the token file may not be read: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            tell("the token file cannot be looked at, the token stays as it is: " + e);
        }
    }

    private void take(Known found) {
        Known before = known;
        if (before != null && before.is(found.hash)) return;
        if (stopped.getCount() == 0) return;
        known = found;
        LOG.warn(
                before == null
                        ? "the token file can be used again"
                        : "the administrator's token was replaced: the one before no longer holds");
    }

    private void shut(String why) {
        known = null;
        tell("nobody can sign in: " + why);
    }

    private void tell(String what) {
        if (what.equals(told)) return;
        told = what;
        LOG.error("{}", what);
    }

    static Path instance(BundleContext context) {
        String path = context.getProperty(INSTANCE);
        if (path == null) {
            throw new UnusableTokenException(
                    "the framework property %s (the instance directory) is missing"
                            .formatted(INSTANCE));
        }
        return Path.of(path);
    }

    /* A copy of one that is never fed: to look an algorithm up costs more than to hash a token. */
    private static byte[] sha256(byte[] bytes) {
        try {
            return ((MessageDigest) SHA_256.clone()).digest(bytes);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be copied", e);
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
