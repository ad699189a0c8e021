// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.graphql.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.Watch;

class TickThreadTest {
    @Test
    void aTickThatThrowsIsNotTheLast() throws InterruptedException {
        try (TickThread ticks = new TickThread()) {
            CountDownLatch ran = new CountDownLatch(3);
            ticks.every(
                    Duration.ofMillis(1),
                    () -> {
                        ran.countDown();
                        throw new IllegalStateException("a step that fails");
                    });
            assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPaceThatWasEndedTicksNoMoreWhileOthersGoOn() throws InterruptedException {
        try (TickThread ticks = new TickThread()) {
            AtomicInteger ended = new AtomicInteger();
            CountDownLatch first = new CountDownLatch(1);
            Watch pace =
                    ticks.every(
                            Duration.ofMillis(1),
                            () -> {
                                ended.incrementAndGet();
                                first.countDown();
                            });
            assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
            pace.close();
            CountDownLatch others = new CountDownLatch(5);
            ticks.every(Duration.ofMillis(1), others::countDown);
            assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
            int then = ended.get();
            CountDownLatch more = new CountDownLatch(5);
            ticks.every(Duration.ofMillis(1), more::countDown);
            assertThat(more.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(ended.get()).isEqualTo(then);
        }
    }
}
