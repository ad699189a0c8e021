// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.domain;

import org.osgi.annotation.versioning.ConsumerType;
import org.spicetime.runtime.api.DomainId;

/** Is told which domains come and go, by one host thread at a time; must return quickly. */
@ConsumerType
public interface DomainsListener {
    /**
     * A domain is there; also once for each one when the watch begins.
     *
     * @param domain the domain, which may not have started yet
     */
    void created(Domain domain);

    /**
     * A domain was deleted.
     *
     * @param id what it was
     */
    void deleted(DomainId id);
}
