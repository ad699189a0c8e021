// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import java.util.UUID;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.StoreException;

/**
 * Who may write to a domain: the host that acquired it last, and nobody who held it before. Used
 * under the store's lock.
 */
final class Leases {

    private Leases() {}

    /** Makes a host the holder, and settles what ran under the former one. */
    static Lease acquire(Memory memory, DomainId domain, HostRef host) {
        DomainData data =
                memory.domains.computeIfAbsent(domain, id -> new DomainData(id, UUID.randomUUID()));
        Lease former = data.lease;
        Lease lease =
                new Lease(
                        domain,
                        data.incarnation,
                        former == null ? 1 : former.epoch() + 1,
                        host,
                        null);
        Transaction settled = new Transaction(memory, data, lease);
        settled.apply(data.lost(memory.now()));
        settled.commit();
        data.lease = lease;
        return lease;
    }

    /**
     * The domain a lease may write to.
     *
     * @throws StoreException FENCED if the lease is not the present one, or the domain is gone
     */
    static DomainData held(Memory memory, Lease lease) {
        DomainData data = memory.domains.get(lease.domain());
        Lease present = data == null ? null : data.lease;
        if (data == null
                || present == null
                || present.epoch() != lease.epoch()
                || !present.incarnation().equals(lease.incarnation())) {
            throw new StoreException(
                    StoreException.Reason.FENCED,
                    "domain %s: epoch %d is no longer the present one (%s)"
                            .formatted(
                                    lease.domain(),
                                    lease.epoch(),
                                    present == null ? "none" : present.epoch()));
        }
        return data;
    }
}
