// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TrafficTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Traffic traffic = new Traffic(now::get);

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void throughputIsThatOfTheLastTenSeconds() {
        traffic.moved(1000);
        assertThat(traffic.bytesPerSecond()).isEqualTo(100.0);
        pass(9);
        traffic.moved(500);
        assertThat(traffic.bytesPerSecond()).isEqualTo(150.0);
        pass(1);
        assertThat(traffic.bytesPerSecond()).isEqualTo(50.0);
        pass(1000);
        assertThat(traffic.bytesPerSecond()).isZero();
        assertThat(traffic.total()).isEqualTo(1500);
    }

    @Test
    void roundTripsAreThoseOfTheLastMinuteAndAbsentWithoutTraffic() {
        assertThat(traffic.roundTripMillis()).isEmpty();
        traffic.roundTrip(2_000_000);
        pass(30);
        traffic.roundTrip(4_000_000);
        assertThat(traffic.roundTripMillis()).hasValue(3.0);
        pass(30);
        assertThat(traffic.roundTripMillis()).hasValue(4.0);
        pass(60);
        assertThat(traffic.roundTripMillis()).isEmpty();
    }
}
