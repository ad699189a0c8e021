// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;

/**
 * A domain as it is stored.
 *
 * <p>Immutable.
 *
 * @param id the domain
 * @param incarnation drawn by the store when the domain is first acquired
 * @param name for people; not blank
 * @param description what it is for; null: nothing told
 * @param labels free-form labels
 * @param intended state last asked for
 * @param config its configuration, with its schema version and revision
 * @param grants resources reserved for it, as JSON; null: none
 * @param createdAt when it was created
 * @param updatedAt when it last changed
 */
public record DomainRecord(
        DomainId id,
        UUID incarnation,
        String name,
        @Nullable String description,
        Map<String, String> labels,
        IntendedState intended,
        StoredConfig config,
        @Nullable String grants,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * Checks the name and copies the labels.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public DomainRecord {
        Check.notBlank("name", name);
        labels = Map.copyOf(labels);
    }
}
