// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.store.sqlite.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.HostRef;
import org.spicetime.runtime.api.TaskId;
import org.spicetime.runtime.api.domain.LatencySummary;
import org.spicetime.runtime.api.store.Lease;
import org.spicetime.runtime.api.store.Reservation;
import org.spicetime.runtime.api.store.StoreEvent;
import org.spicetime.runtime.api.store.StoreException;
import org.spicetime.runtime.api.store.StoreException.Reason;
import org.spicetime.runtime.api.store.TaskEvent;

/** What may wait for the writer, what it takes at a time, and how long that is said to take. */
class WaitingCallsTest {

    private static final DomainId DOMAIN = DomainId.of("d");
    private static final HostRef HOST = new HostRef("h", new UUID(1, 2));
    private static final long NO_WAIT = 0;
    private static final long SECOND = 1_000_000_000L;

    private final CallQueue queue = new CallQueue();
    private final Rooms rooms = new Rooms(10, 1000);

    private static Call append(int events, @Nullable Reservation room) {
        List<StoreEvent> all = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            all.add(
                    new TaskEvent.DeadlineMissed(
                            new TaskId(new UUID(0x7000L, 0x8000_0000_0000_0000L | i)),
                            Instant.EPOCH));
        }
        Lease lease = new Lease(DOMAIN, new UUID(3, 4), 1, HOST, null);
        return new Call.Append(lease, all, room, 0, new CompletableFuture<>());
    }

    private static Call job() {
        return new Call.Job<>(batch -> 1, new CompletableFuture<>());
    }

    private static void refused(Reason reason, ThrowingCallable doing) {
        assertThatThrownBy(doing)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void appendsAreTakenTogetherInOrderUpToTheNumberOfEvents() throws Exception {
        List<Call> calls = List.of(append(3, null), append(4, null), append(4, null));
        calls.forEach(queue::add);
        assertThat(queue.events()).isEqualTo(11);
        assertThat(queue.take(10, Long.MAX_VALUE, NO_WAIT))
                .containsExactlyElementsOf(calls.subList(0, 2));
        assertThat(queue.events()).isEqualTo(4);
        assertThat(queue.take(3, Long.MAX_VALUE, NO_WAIT))
                .as("one call alone may be larger")
                .containsExactly(calls.get(2));
        assertThat(queue.take(3, Long.MAX_VALUE, NO_WAIT)).isEmpty();
    }

    @Test
    void appendsAreTakenTogetherUpToTheNumberOfBytes() throws Exception {
        Rooms large = new Rooms(10, 10_000);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(append(1, large.reserve(DOMAIN, 1, 3000)));
        }
        calls.forEach(queue::add);
        assertThat(queue.take(10, 7000, NO_WAIT)).containsExactlyElementsOf(calls.subList(0, 2));
        assertThat(queue.take(10, 100, NO_WAIT))
                .as("one call alone may be larger")
                .containsExactly(calls.get(2));
    }

    @Test
    void workInATransactionOfItsOwnIsTakenAlone() throws Exception {
        List<Call> calls = List.of(append(1, null), job(), job(), append(1, null));
        calls.forEach(queue::add);
        for (Call call : calls) {
            assertThat(queue.take(10, 10_000, NO_WAIT)).containsExactly(call);
        }
    }

    @Test
    void aClosedQueueTakesNothingMoreAndGivesWhatItHas() throws Exception {
        Call last = job();
        queue.add(last);
        queue.close();
        refused(Reason.CLOSED, () -> queue.add(job()));
        assertThat(queue.isOver()).isFalse();
        assertThat(queue.take(1, 1, SECOND)).containsExactly(last);
        assertThat(queue.isOver()).isTrue();
        assertThat(queue.take(1, 1, Long.MAX_VALUE)).as("without waiting").isEmpty();
    }

    @Test
    void whatHasNoPlaceIsRefusedAndChangesNothing() {
        Rooms.Room nine = rooms.reserve(DOMAIN, 9, 0);
        refused(Reason.OVERLOADED, () -> rooms.reserve(DOMAIN, 2, 0));
        Rooms.Room tenth = rooms.reserve(DOMAIN, 1, 1000);
        tenth.close();
        refused(Reason.OVERLOADED, () -> rooms.reserve(DOMAIN, 1, 1001));
        nine.close();
        nine.close();
        assertThat(rooms.reserve(DOMAIN, 10, 1000).tasks()).isEqualTo(10);
        refused(Reason.OVERLOADED, () -> rooms.reserve(DOMAIN, 1, 0));
    }

    @Test
    void whatIsLargerThanAllPlacesIsLetInAlone() {
        Rooms.Room huge = rooms.reserve(DOMAIN, 50, 5000);
        refused(Reason.OVERLOADED, () -> rooms.reserve(DOMAIN, 1, 0));
        huge.close();
        Rooms.Room one = rooms.reserve(DOMAIN, 1, 0);
        refused(Reason.OVERLOADED, () -> rooms.reserve(DOMAIN, 50, 5000));
        one.close();
    }

    @Test
    void aRoomIsUsedOnceForItsDomainAndHoldsItsPlaceUntilTheAppendIsOver() {
        Rooms.Room room = rooms.reserve(DOMAIN, 10, 0);
        Reservation used = room.use(rooms, DOMAIN, 10);
        room.close();
        refused(Reason.OVERLOADED, () -> rooms.reserve(DOMAIN, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> room.use(rooms, DOMAIN, 1));
        used.close();
        Rooms.Room next = rooms.reserve(DOMAIN, 10, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> next.use(rooms, DomainId.of("other"), 1));
        assertThat(rooms.reserve(DOMAIN, 10, 0).tasks()).as("given back").isEqualTo(10);
    }

    @Test
    void theLatencyOfCommitsIsThatOfTheLastMinute() {
        CommitLatency latency = new CommitLatency();
        assertThat(latency.summary(0)).isEqualTo(LatencySummary.EMPTY);
        latency.record(1_000_000, 0);
        latency.record(3_000_000, 30 * SECOND);
        LatencySummary both = latency.summary(59 * SECOND);
        assertThat(both.count()).isEqualTo(2);
        assertThat(both.max().orElseThrow()).isBetween(2.9, 3.1);
        assertThat(both.min().orElseThrow()).isBetween(0.9, 1.1);
        assertThat(latency.summary(60 * SECOND).count()).isEqualTo(1);
        assertThat(latency.summary(90 * SECOND)).isEqualTo(LatencySummary.EMPTY);
        latency.record(-5, 90 * SECOND);
        assertThat(latency.summary(90 * SECOND).max()).isEqualTo(OptionalDouble.of(0));
    }
}
