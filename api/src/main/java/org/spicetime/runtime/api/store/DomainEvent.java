// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.domain.ConfigSource;

/** Something that happened to the domain of the lease. Immutable. */
public sealed interface DomainEvent extends StoreEvent {

    /**
     * Created, or its name, description or labels changed.
     *
     * <p>Immutable.
     *
     * @param domain the domain as it is now; id and incarnation are those of the lease
     * @param by who asked for it; not blank
     * @param first how its configuration came about, the beginning of its history; null: it was
     *     saved before, or has no history
     */
    record DomainSaved(DomainRecord domain, String by, @Nullable ConfigChanged first)
            implements DomainEvent {

        /**
         * Checks that somebody is named, and that there is one configuration.
         *
         * @throws IllegalArgumentException if not
         */
        public DomainSaved {
            Check.notBlank("by", by);
            if (first != null && !first.config().equals(domain.config())) {
                throw new IllegalArgumentException(
                        "domain %s: its first configuration is revision %d, not %d"
                                .formatted(
                                        domain.id(),
                                        first.config().revision(),
                                        domain.config().revision()));
            }
        }

        /**
         * A change that leaves the history of its configuration alone.
         *
         * @param domain the domain as it is now
         * @param by who asked for it; not blank
         */
        public DomainSaved(DomainRecord domain, String by) {
            this(domain, by, null);
        }

        @Override
        public Instant at() {
            return domain.updatedAt();
        }
    }

    /**
     * Another configuration is in force; the former ones are kept as history.
     *
     * <p>Immutable.
     *
     * @param at when
     * @param config the configuration; its revision follows the stored one, or the append is stale
     * @param changes what changed, as JSON for people; not blank
     * @param source where it came from
     * @param by who asked for it; not blank
     */
    record ConfigChanged(
            Instant at, StoredConfig config, String changes, ConfigSource source, String by)
            implements DomainEvent {

        /**
         * Checks the texts.
         *
         * @throws IllegalArgumentException if one is blank
         */
        public ConfigChanged {
            Check.notBlank("changes", changes);
            Check.notBlank("by", by);
        }
    }

    /**
     * Other resources are reserved for it.
     *
     * <p>Immutable.
     *
     * @param at when
     * @param grants all that is reserved now, as JSON; null: nothing any more
     * @param by who asked for it; not blank
     */
    record GrantsChanged(Instant at, @Nullable String grants, String by) implements DomainEvent {

        /**
         * Checks that somebody is named.
         *
         * @throws IllegalArgumentException if nobody is
         */
        public GrantsChanged {
            Check.notBlank("by", by);
        }
    }

    /**
     * Another state was asked for.
     *
     * <p>Immutable.
     *
     * @param at when
     * @param intended the state
     * @param by who asked for it; not blank
     */
    record StateIntended(Instant at, IntendedState intended, String by) implements DomainEvent {

        /**
         * Checks that somebody is named.
         *
         * @throws IllegalArgumentException if nobody is
         */
        public StateIntended {
            Check.notBlank("by", by);
        }
    }

    /**
     * Deleted, with its tasks, schedules and idempotency keys.
     *
     * <p>Immutable.
     *
     * @param at when
     * @param by who asked for it; not blank
     */
    record DomainDeleted(Instant at, String by) implements DomainEvent {

        /**
         * Checks that somebody is named.
         *
         * @throws IllegalArgumentException if nobody is
         */
        public DomainDeleted {
            Check.notBlank("by", by);
        }
    }
}
