// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.kernel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spicetime.runtime.kernel.task.Fixture.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.domain.PriorityProtocol;
import org.spicetime.runtime.api.scheduler.ExecutionSlice;
import org.spicetime.runtime.api.scheduler.SliceEnd;

/** What is remembered of who ran when. */
final class TimelineTest {
    private static final Duration STEP = Duration.ofMillis(3);

    @Test
    void eachSliceIsToldWithItsSlotItsLengthAndWhyItEnded() {
        Fixture domain = LocksTest.domain(PriorityProtocol.INHERITANCE, null);
        Instant start = domain.now().instant();
        TaskEntry low = domain.admit(task().priority(1));
        assertThat(domain.kernel.pick(0, domain.now())).isSameAs(low);
        domain.kernel.locks().take(low, "a", domain.now());
        TaskEntry high = domain.admit(task().priority(9));
        assertThat(domain.kernel.pick(3, domain.now())).isSameAs(high);
        domain.pass(STEP);
        domain.kernel.locks().await(high, "a", domain.now());
        domain.pass(STEP);
        domain.kernel.locks().giveBack(low, "a", domain.now());
        assertThat(domain.kernel.rotate(low, 0, domain.now())).isSameAs(high);
        domain.pass(STEP);

        assertThat(all(domain))
                .containsExactly(
                        new ExecutionSlice(
                                high.id(), 0, start.plus(STEP.multipliedBy(2)), STEP, null),
                        new ExecutionSlice(
                                low.id(), 0, start, STEP.multipliedBy(2), SliceEnd.PREEMPTED),
                        new ExecutionSlice(high.id(), 3, start, STEP, SliceEnd.BLOCKED));
        domain.succeed(high);
        assertThat(all(domain).getFirst().end()).isEqualTo(SliceEnd.FINISHED);
    }

    @Test
    void aSpanOfTimeAndANumberLimitWhatIsTold() {
        Fixture domain = new Fixture();
        Instant start = domain.now().instant();
        for (int i = 0; i < 10; i++) {
            TaskEntry entry = domain.admit(task());
            domain.pick();
            domain.pass(STEP);
            domain.succeed(entry);
        }
        List<ExecutionSlice> all = all(domain);
        assertThat(all).hasSize(10);
        assertThat(domain.kernel.timeline(null, null, 3, domain.now()))
                .containsExactlyElementsOf(all.subList(0, 3));
        assertThat(domain.kernel.timeline(null, null, 0, domain.now())).isEmpty();
        assertThat(
                        domain.kernel.timeline(
                                start.plusMillis(10), start.plusMillis(13), 100, domain.now()))
                .containsExactlyElementsOf(all.subList(5, 7));
        assertThat(domain.kernel.timeline(start.plusSeconds(9), null, 100, domain.now())).isEmpty();
        assertThat(domain.kernel.timeline(Instant.MIN, Instant.MAX, 100, domain.now()))
                .isEqualTo(all);
    }

    @Test
    void theNewestThousandsAreRemembered() {
        Fixture domain = new Fixture();
        int many = Timeline.MOST + 100;
        TaskEntry last = null;
        for (int i = 0; i < many; i++) {
            last = domain.admit(task());
            domain.pick();
            domain.pass(Duration.ofNanos(1));
            domain.succeed(last);
        }
        List<ExecutionSlice> all = domain.kernel.timeline(null, null, many, domain.now());
        assertThat(all).hasSize(Timeline.MOST).doesNotHaveDuplicates();
        assertThat(last).isNotNull();
        assertThat(all.getFirst().task()).isEqualTo(last.id());
    }

    private static List<ExecutionSlice> all(Fixture domain) {
        return domain.kernel.timeline(null, null, 100, domain.now());
    }
}
