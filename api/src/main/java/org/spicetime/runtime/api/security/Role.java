// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.security;

/** Roles, each with the rights of those before it. */
public enum Role {
    /** Reads. */
    VIEWER,
    /** Schedules and controls tasks, configures, allocates, starts and stops domains. */
    OPERATOR,
    /** Creates and deletes domains, and everything else but deploying bundles. */
    ADMIN
}
