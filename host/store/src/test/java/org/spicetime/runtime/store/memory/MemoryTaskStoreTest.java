// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.store.OpenOptions;
import org.spicetime.runtime.api.store.OpenReport;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.TaskStore;
import org.spicetime.runtime.testkit.store.TaskStoreContract;

final class MemoryTaskStoreTest extends TaskStoreContract {

    private static final DomainId ID = DomainId.of("d");
    private static final OpenOptions OPTIONS =
            new OpenOptions(
                    Path.of("unused"), new HostRef("h", new UUID(1, 2)), InstantSource.system());

    @Override
    protected TaskStore newStore() {
        return new MemoryTaskStore();
    }

    @Test
    void itSaysThatItForgets() {
        try (MemoryTaskStore memory = new MemoryTaskStore()) {
            OpenReport report = memory.open(OPTIONS);
            assertThat(report.durable()).isFalse();
            assertThat(report.recoveries()).isEmpty();
            assertThat(memory.health().sizeBytes()).isZero();
        }
    }

    @Test
    void afterACloseItCanBeOpenedAgainEmpty() {
        MemoryTaskStore memory = new MemoryTaskStore();
        memory.open(OPTIONS);
        UUID former = memory.acquire(ID, OPTIONS.host(), VALID_FOR).incarnation();
        memory.close();
        memory.open(OPTIONS);
        assertThat(memory.acquire(ID, OPTIONS.host(), VALID_FOR).incarnation())
                .isNotEqualTo(former);
        memory.close();
    }

    private static final java.time.Duration VALID_FOR = java.time.Duration.ofMinutes(1);

    @Test
    void roomIsPromisedOnceAndGivenBack() {
        MemoryTaskStore small = new MemoryTaskStore(3, 100);
        small.open(OPTIONS);
        Reservation two = small.reserve(ID, 2, 50);
        for (List<Integer> tooMuch : List.of(List.of(2, 0), List.of(1, 51))) {
            assertThatThrownBy(() -> small.reserve(ID, tooMuch.get(0), tooMuch.get(1)))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            refused ->
                                    assertThat(refused.reason())
                                            .isEqualTo(StoreException.Reason.OVERLOADED));
        }
        two.close();
        two.close();
        Reservation all = small.reserve(ID, 3, 100);
        assertThatThrownBy(() -> small.reserve(ID, 1, 0)).isInstanceOf(StoreException.class);
        all.close();
        small.close();
    }

    @Test
    void roomOfAnotherStoreIsNotTaken() {
        MemoryTaskStore one = new MemoryTaskStore();
        MemoryTaskStore other = new MemoryTaskStore();
        one.open(OPTIONS);
        other.open(OPTIONS);
        assertThatThrownBy(() ->
                        one.append(
                                one.acquire(ID, OPTIONS.host(), VALID_FOR),
                                List.of(),
                                other.reserve(ID, 1, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this store");
        one.close();
        other.close();
    }
}
