// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.security;

import java.util.Objects;

/**
 * Who calls. Immutable.
 *
 * @param name for records and messages
 * @param role what the caller may do everywhere
 * @param mayDeploy whether the caller may install, update and remove bundles
 * @param credential tells which of their credentials the caller showed, and nothing of its secret;
 *     empty: none was asked for
 */
public record Caller(String name, Role role, boolean mayDeploy, String credential) {
    public Caller {
        if (name.isBlank()) throw new IllegalArgumentException("name must not be blank");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(credential, "credential");
    }

    /** A caller who was asked for no credential. */
    public Caller(String name, Role role, boolean mayDeploy) {
        this(name, role, mayDeploy, "");
    }
}
