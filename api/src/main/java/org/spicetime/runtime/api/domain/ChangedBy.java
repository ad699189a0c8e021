// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import java.util.Objects;

/**
 * Who makes a change, and on which way. Immutable.
 *
 * @param actor name of the caller, for the records; {@code host} for the host itself
 * @param source the way it comes in
 */
public record ChangedBy(String actor, ConfigSource source) {
    /** The host itself. */
    public static final ChangedBy HOST = new ChangedBy("host", ConfigSource.DEFAULT);

    public ChangedBy {
        if (actor.isBlank()) throw new IllegalArgumentException("actor must not be blank");
        Objects.requireNonNull(source, "source");
    }

    /** Whether nobody asked for it: the host does it by itself. */
    public boolean isHost() {
        return actor.equals(HOST.actor);
    }
}
