// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.security;

import java.util.Objects;

/**
 * Who calls. Immutable.
 *
 * @param name for records and messages
 * @param role what the caller may do everywhere
 * @param mayDeploy whether the caller may install, update and remove bundles
 */
public record Caller(String name, Role role, boolean mayDeploy) {
    public Caller {
        if (name.isBlank()) throw new IllegalArgumentException("name must not be blank");
        Objects.requireNonNull(role, "role");
    }
}
