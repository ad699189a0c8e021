// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.domain.DomainUpdate;
import org.spicetime.runtime.api.domain.DomainUpdate.To;

/**
 * Who a domain is. Immutable.
 *
 * @param id its id, the same for its life
 * @param name what people call it
 * @param description what it is for; null: not said
 * @param labels what it is found by
 * @param createdAt when it was created
 */
record DomainIdentity(
        DomainId id,
        String name,
        @Nullable String description,
        Map<String, String> labels,
        Instant createdAt) {

    /** The same domain, called otherwise. */
    DomainIdentity with(DomainUpdate update) {
        To<String> newName = update.name();
        To<String> told = update.description();
        To<Map<String, String>> newLabels = update.labels();
        return new DomainIdentity(
                id,
                newName == null ? name : Objects.requireNonNullElse(newName.value(), id.value()),
                told == null ? description : told.value(),
                newLabels == null
                        ? labels
                        : Objects.requireNonNullElse(newLabels.value(), Map.of()),
                createdAt);
    }
}
