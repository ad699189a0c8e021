// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.memory.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spicetime.runtime.api.DomainId;
import org.spicetime.runtime.api.memory.MemoryPressure;
import org.spicetime.runtime.api.memory.PressureLevel;
import org.spicetime.runtime.api.memory.PressureListener;

@Timeout(60)
class PressureListenersTest {
    private static final MemoryPressure RISE =
            new MemoryPressure(
                    DomainId.of("full"), PressureLevel.HIGH, PressureLevel.NONE, 100, 92);

    private final PressureListeners listeners = new PressureListeners();
    private final BlockingQueue<MemoryPressure> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        listeners.close();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void oneThatThrowsCostsTheOthersNothing() throws InterruptedException {
        listeners.add(pressure -> {
            throw new NoClassDefFoundError("of a bundle that is gone");
        });
        listeners.add(heard::add);
        listeners.tell(RISE);
        assertThat(next(heard)).isEqualTo(RISE);
    }

    @Test
    void oneThatIsSlowIsInterruptedAndToldNothingUntilItReturns() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<Integer> returned = new LinkedBlockingQueue<>();
        listeners.add(pressure -> {
            int call = calls.incrementAndGet();
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException asked) {
                    interrupted.countDown();
                }
            }
            returned.add(call);
        });
        listeners.add(heard::add);
        while (!interrupted.await(1, TimeUnit.MILLISECONDS)) {
            listeners.tell(RISE);
        }
        for (int i = 0; i < 3; i++) {
            listeners.tell(RISE);
        }
        assertThat(calls).hasValue(1);
        assertThat(next(heard)).isEqualTo(RISE);
        release.countDown();
        assertThat(next(returned)).isEqualTo(1);
        while (calls.get() < 2) {
            listeners.tell(RISE);
        }
    }

    @Test
    void oneThatLeftIsNotTold() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        PressureListener leaving = pressure -> calls.incrementAndGet();
        listeners.add(leaving);
        listeners.add(heard::add);
        listeners.remove(leaving);
        listeners.tell(RISE);
        next(heard);
        assertThat(calls).hasValue(0);
    }

    @Test
    void eachIsCalledOnAThreadOfItsOwn() throws InterruptedException {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        listeners.add(pressure -> threads.add(Thread.currentThread()));
        listeners.add(pressure -> threads.add(Thread.currentThread()));
        listeners.tell(RISE);
        assertThat(next(threads)).isNotEqualTo(next(threads)).isNotEqualTo(Thread.currentThread());
    }
}
