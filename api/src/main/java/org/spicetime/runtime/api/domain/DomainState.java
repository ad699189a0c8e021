// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.catalogue.Ejection;

/**
 * A domain as it was at one instant. Immutable.
 *
 * @param id unique in the host
 * @param name for people
 * @param description what it is for; null: nothing told
 * @param labels free-form labels
 * @param status life-cycle state
 * @param statusReason why it is not RUNNING, in one sentence; null when it is well
 * @param config the configuration in force
 * @param revision counts configuration changes, from 1
 * @param activePolicy policy that dispatches now
 * @param policyEjection why it differs from the one configured; null when it does not
 * @param activeAllocator strategy that lays out new blocks now
 * @param allocatorEjection why it differs from the one configured; null when it does not
 * @param createdAt when it was created
 * @param startedAt when it was last started; null while it is not
 * @param incarnation new whenever the domain is created
 * @param owner the host that runs it
 * @param epoch counts the owners the domain had
 */
public record DomainState(
        DomainId id,
        String name,
        @Nullable String description,
        Map<String, String> labels,
        RuntimeStatus status,
        @Nullable String statusReason,
        DomainConfig config,
        int revision,
        String activePolicy,
        @Nullable Ejection policyEjection,
        String activeAllocator,
        @Nullable Ejection allocatorEjection,
        Instant createdAt,
        @Nullable Instant startedAt,
        UUID incarnation,
        HostRef owner,
        long epoch) {
    public DomainState {
        labels = Map.copyOf(labels);
    }
}
