// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.StoreException;

final class LeasesTest {

    private static final DomainId ID = DomainId.of("d");
    private static final HostRef ONE = new HostRef("one", new UUID(1, 1));
    private static final HostRef OTHER = new HostRef("other", new UUID(2, 2));

    private final Memory memory = new Memory(InstantSource.system());

    @Test
    void everyHolderHasAnEpochOfItsOwnInOneIncarnation() {
        Lease former = Leases.acquire(memory, ID, ONE);
        Lease present = Leases.acquire(memory, ID, OTHER);
        assertThat(former.epoch()).isEqualTo(1);
        assertThat(present.epoch()).isEqualTo(2);
        assertThat(present.incarnation()).isEqualTo(former.incarnation());
        assertThat(present.holder()).isEqualTo(OTHER);
    }

    @Test
    void onlyTheLastHolderWrites() {
        Lease former = Leases.acquire(memory, ID, ONE);
        Lease present = Leases.acquire(memory, ID, OTHER);
        assertThat(Leases.held(memory, present).id).isEqualTo(ID);
        fenced(former, "epoch 1 is no longer the present one (2)");
    }

    @Test
    void aDomainThatWasDeletedIsNotHeld() {
        Lease lease = Leases.acquire(memory, ID, ONE);
        memory.delete(Leases.held(memory, lease));
        fenced(lease, "epoch 1 is no longer the present one (none)");
    }

    @Test
    void aLeaseOfAFormerIncarnationIsOverAlthoughTheEpochIsTheSame() {
        Lease former = Leases.acquire(memory, ID, ONE);
        memory.delete(Leases.held(memory, former));
        assertThat(Leases.acquire(memory, ID, ONE).epoch()).isEqualTo(former.epoch());
        fenced(former, "epoch 1");
    }

    private void fenced(Lease lease, String why) {
        assertThatThrownBy(() -> Leases.held(memory, lease))
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(StoreException.Reason.FENCED));
    }
}
