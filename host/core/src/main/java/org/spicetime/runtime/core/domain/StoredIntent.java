// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spicetime.runtime.api.domain.ChangedBy;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.store.DomainEvent;
import org.spicetime.runtime.api.store.IntendedState;

/**
 * What was asked of a domain last, as the store keeps it for the next start. Under {@code changes}.
 */
final class StoredIntent {

    private static final Logger LOG = LoggerFactory.getLogger(StoredIntent.class);

    private final DomainBody body;

    /* Since this host has the domain. */
    private @Nullable IntendedState last;

    StoredIntent(DomainBody body) {
        this.body = body;
    }

    /** Has the store keep what somebody asks for. */
    void write(IntendedState state, ChangedBy who) {
        body.journal.write(
                List.of(
                        new DomainEvent.StateIntended(
                                body.node.clock().instants().instant(), state, who.actor())));
        last = state;
    }

    /** The domain has stopped, as after a drain that was asked for; a store that fails is told. */
    void stopped() {
        try {
            if (last != IntendedState.STOPPED) {
                write(IntendedState.STOPPED, ChangedBy.HOST);
            }
        } catch (RefusedException notStored) {
            LOG.warn("domain={} stopped, and that could not be stored", body.id(), notStored);
        }
    }
}
