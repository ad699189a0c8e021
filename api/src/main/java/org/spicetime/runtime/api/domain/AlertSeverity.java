// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

/** How serious an alert is. */
public enum AlertSeverity {
    /** For information, e.g. a cleared alert. */
    INFO,
    /** Above the threshold. */
    WARNING,
    /** Above the threshold and above 95 percent of the limit. */
    CRITICAL
}
