// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Instant;
import java.util.UUID;
import org.spicetime.runtime.api.DomainId;

/**
 * The use of a resource crossed a threshold. Immutable.
 *
 * @param threshold the ratio watched for
 * @param value the ratio measured
 * @param cleared true when it fell back below the threshold
 */
public record ResourceAlert(
        UUID id,
        DomainId domain,
        ResourceKind resource,
        AlertSeverity severity,
        double threshold,
        double value,
        boolean cleared,
        String message,
        Instant timestamp) {}
