// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;

/**
 * Something that happened and is to be remembered. Events of one append belong to the domain of its
 * lease. Immutable.
 */
public sealed interface StoreEvent permits TaskEvent, ScheduleEvent, DomainEvent {

    /**
     * When it happened.
     *
     * @return UTC
     */
    Instant at();
}
