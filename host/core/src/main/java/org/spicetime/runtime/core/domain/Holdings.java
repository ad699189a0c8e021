// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.domain;

import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.core.memory.DomainPool;
import org.spicetime.runtime.core.network.DomainNetwork;

/**
 * What a domain holds from its start to its stop. Immutable; the parts are thread-safe.
 *
 * @param lease proof of ownership
 * @param pool its memory
 * @param network its network
 */
record Holdings(Lease lease, DomainPool pool, DomainNetwork network) {

    /** Gives all back, the lease apart: another start takes the next epoch. */
    void release() {
        network.close();
        pool.close();
    }
}
