// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.security;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Tells who stands behind a bearer token, and for how long. Thread-safe; compares in constant time;
 * never logs a token.
 */
@ProviderType
public interface Authenticator {
    /**
     * The caller this token belongs to; empty: nobody.
     *
     * @param bearerToken as sent, without the word Bearer
     * @return the caller
     */
    Optional<Caller> authenticate(String bearerToken);

    /**
     * Whether the credential that this caller signed in with still is theirs. Whoever keeps a
     * connection or a stream open for a caller asks again every few seconds. Takes no time: nothing
     * is read, nobody is asked.
     *
     * @param caller as answered by {@link #authenticate}
     * @return false once the credential is gone, has expired, or gives other rights
     */
    boolean holds(Caller caller);
}
