// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.security;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Tells who stands behind a bearer token. Thread-safe; compares in constant time; never logs a
 * token.
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
}
