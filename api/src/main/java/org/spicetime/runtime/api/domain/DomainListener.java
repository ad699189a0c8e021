// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told of a domain, by one host thread at a time; must return quickly. A listener that is slower
 * than the changes gets the newest state, not every one between.
 */
@ConsumerType
public interface DomainListener {
    /**
     * The status, name, configuration, reservation or active plugin is another one now; also once
     * when the watch begins.
     *
     * @param state as it is now
     */
    void changed(DomainState state);

    /** The domain was deleted; nothing follows. */
    default void deleted() {}
}
