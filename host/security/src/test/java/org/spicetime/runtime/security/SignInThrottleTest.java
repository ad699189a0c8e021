// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {
    private final AtomicLong now = new AtomicLong();
    private final SignInThrottle throttle = new SignInThrottle(now::get);

    @Test
    void aBurstIsAllowedThenOneEachHalfSecond() {
        for (int i = 0; i < SignInThrottle.BURST; i++) {
            assertThat(throttle.failed("a")).isTrue();
        }
        assertThat(throttle.failed("a")).isFalse();
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(SignInThrottle.MILLIS_EACH));
        assertThat(throttle.failed("a")).isTrue();
        assertThat(throttle.failed("a")).isFalse();
    }

    @Test
    void oneAddressDoesNotSlowAnother() {
        while (throttle.failed("a")) {}
        assertThat(throttle.failed("b")).isTrue();
    }
}
