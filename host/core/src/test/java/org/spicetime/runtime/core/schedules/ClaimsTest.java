// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.schedule.MisfirePolicy;
import org.spicetime.runtime.api.schedule.OverlapPolicy;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.api.task.TaskRequest;
import org.spicetime.runtime.api.task.TaskType;

final class ClaimsTest {

    private static final Duration TEN = Duration.ofSeconds(10);

    private final FakeHost host = new FakeHost();
    private final Claims claims = new Claims(host);
    private final UUID one = new UUID(0, 1);
    private final UUID other = new UUID(0, 2);
    private final RefusedException notGuaranteed =
            new RefusedException(RequestErrorCode.BAD_USER_INPUT, "not guaranteed", Map.of());

    @Test
    void aNameIsTakenFromItsClaimOnUntilItIsFreed() {
        claims.begin(one, request("beat", TEN));
        assertThat(refusal(() -> claims.begin(other, request("beat", TEN))).code())
                .isEqualTo(RequestErrorCode.CONFLICT);
        assertThat(claims.wanted()).containsOnlyKeys(one);
        claims.free(one);
        claims.begin(other, request("beat", TEN));
        assertThat(claims.wanted()).containsOnlyKeys(other);
    }

    @Test
    void aNewNameFreesTheFormerOneAndOneThatIsTakenLeavesItAsItWas() {
        claims.begin(one, request("beat", TEN));
        claims.begin(other, request("tick", TEN));
        refusal(() -> claims.name(other, "beat"));
        refusal(() -> claims.begin(new UUID(0, 3), request("tick", TEN)));
        claims.name(one, "beat");
        claims.name(one, "drum");
        claims.name(other, "beat");
    }

    @Test
    void whatCannotBeGuaranteedClaimsNothing() {
        host.notGuaranteed = notGuaranteed;
        assertThat(refusal(() -> claims.begin(one, request("beat", TEN)))).isSameAs(notGuaranteed);
        assertThat(claims.wanted()).isEmpty();
        host.notGuaranteed = null;
        claims.begin(other, request("beat", TEN));
    }

    @Test
    void whoAsksForLessIsNotRefusedAndWhoAsksForMoreKeepsTheFormerClaim() {
        LiveSchedule often = live(request("beat", TEN));
        LiveSchedule seldom = live(request("beat", TEN.multipliedBy(2)));
        claims.begin(one, often.request);
        host.notGuaranteed = notGuaranteed;
        claims.change(often, seldom);
        assertThat(claims.wanted()).containsEntry(one, seldom.request);
        refusal(() -> claims.change(seldom, often));
        assertThat(claims.wanted()).containsEntry(one, seldom.request);
    }

    @Test
    void aChangeThatWasNotStoredGivesBackNameAndTime() {
        ScheduleRequest stored = request("beat", TEN);
        claims.begin(one, stored);
        claims.name(one, "drum");
        claims.change(live(stored), live(request("drum", TEN.dividedBy(2))));
        claims.stored(one, stored);
        assertThat(claims.wanted()).containsEntry(one, stored);
        claims.begin(other, request("drum", TEN));
    }

    private LiveSchedule live(ScheduleRequest request) {
        return new LiveSchedule(one, request, FakeHost.START);
    }

    private static ScheduleRequest request(String name, Duration period) {
        return new ScheduleRequest(
                name,
                TaskRequest.of(TaskType.COMPUTATION).build(),
                Recurrence.every(period),
                null,
                OverlapPolicy.ALLOW,
                MisfirePolicy.RUN_ONCE,
                null,
                false);
    }

    private static RefusedException refusal(Runnable action) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, action::run);
        assertThat(refused).isNotNull();
        return refused;
    }
}
