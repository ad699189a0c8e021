// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.schema;

import org.spicetime.runtime.api.domain.Domain;
import org.spicetime.runtime.api.domain.DomainConfig;
import org.spicetime.runtime.api.domain.DomainState;

/** A domain and one state of it, so that all fields of an answer tell of one instant. Immutable. */
record DomainView(Domain domain, DomainState state) {
    static DomainView of(Domain domain) {
        return new DomainView(domain, domain.state());
    }

    ConfigView config() {
        return new ConfigView(state.config(), state);
    }

    /** A configuration, in force or rehearsed, and the state beside it. Immutable. */
    record ConfigView(DomainConfig config, DomainState state) {}
}
