// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.transport;

import java.util.Optional;
import org.spicetime.runtime.api.security.Authenticator;
import org.spicetime.runtime.api.security.Caller;

/** Knows one token, until a test takes it away. Thread-safe. */
public final class KnownToken implements Authenticator {
    private final String token;
    private final Caller caller;
    private volatile boolean gone;

    public KnownToken(String token, Caller caller) {
        this.token = token;
        this.caller = caller;
    }

    /** The token no longer holds. */
    public void revoke() {
        gone = true;
    }

    @Override
    public Optional<Caller> authenticate(String bearerToken) {
        return !gone && bearerToken.equals(token) ? Optional.of(caller) : Optional.empty();
    }

    @Override
    public boolean holds(Caller asked) {
        return !gone && asked.equals(caller);
    }
}
