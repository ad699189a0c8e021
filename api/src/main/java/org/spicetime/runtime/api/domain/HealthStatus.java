// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** Health states, from best to worst. */
public enum HealthStatus {
    /** All is well. */
    HEALTHY,
    /** Works; a check is still under way. */
    CHECKING,
    /** Works, with limitations. */
    DEGRADED,
    /** Does not work. */
    UNHEALTHY
}
