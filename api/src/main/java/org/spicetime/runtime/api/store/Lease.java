// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;

/**
 * Proof that a host owns a domain.
 *
 * <p>Immutable.
 *
 * @param domain the domain
 * @param incarnation new when the domain is created anew or restored from a backup; epochs count
 *     within it
 * @param epoch counts the owners of the domain; at least 1
 * @param holder the owner
 * @param validFor how long it holds from the moment it was acquired, on the owner's monotonic
 *     clock; null: until another acquires the domain
 */
public record Lease(
        DomainId domain,
        UUID incarnation,
        long epoch,
        HostRef holder,
        @Nullable Duration validFor) {

    /**
     * Checks epoch and span.
     *
     * @throws IllegalArgumentException if the epoch is below 1 or the span not positive
     */
    public Lease {
        Check.atLeast("epoch", epoch, 1);
        if (validFor != null && !validFor.isPositive()) {
            throw new IllegalArgumentException("a lease must hold for a while, was " + validFor);
        }
    }

    /**
     * The claim of an attempt started under this lease.
     *
     * @param attempt number of the attempt, from 1
     * @return the claim
     */
    public Claim claim(int attempt) {
        return new Claim(incarnation, epoch, attempt);
    }
}
