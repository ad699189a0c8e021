// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.error.RequestErrorCode;
import org.spicetime.runtime.api.schedule.Recurrence;

final class CronRhythmTest {

    private static final String BERLIN = "Europe/Berlin";

    @Test
    void fiveFieldsNameMinutesAndSixSeconds() {
        assertThat(next("*/20 9 * * *", "UTC", "2026-01-01T00:00:00Z", 4))
                .containsExactly(
                        "2026-01-01T09:00:00Z",
                        "2026-01-01T09:20:00Z",
                        "2026-01-01T09:40:00Z",
                        "2026-01-02T09:00:00Z");
        assertThat(next("30,15 59 23 31 12 *", "UTC", "2026-01-01T00:00:00Z", 3))
                .containsExactly(
                        "2026-12-31T23:59:15Z", "2026-12-31T23:59:30Z", "2027-12-31T23:59:15Z");
    }

    @Test
    void theClockOfTheZoneCounts() {
        assertThat(next("30 9 * * MON-FRI", "America/New_York", "2026-07-03T00:00:00Z", 2))
                .containsExactly("2026-07-03T13:30:00Z", "2026-07-06T13:30:00Z");
        assertThat(next("0 0 * * *", "+05:45", "2026-07-03T00:00:00Z", 1))
                .containsExactly("2026-07-03T18:15:00Z");
    }

    @Test
    void ifBothDaysAreRestrictedEitherIsEnough() {
        assertThat(next("0 0 13 * FRI", "UTC", "2026-01-03T00:00:00Z", 3))
                .containsExactly(
                        "2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z", "2026-01-16T00:00:00Z");
    }

    @Test
    void lastDaysAndNumberedWeekdaysAreNamed() {
        assertThat(next("0 0 L * *", "UTC", "2028-02-01T00:00:00Z", 2))
                .containsExactly("2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z");
        assertThat(next("0 0 * * 5#3", "UTC", "2026-01-01T00:00:00Z", 2))
                .containsExactly("2026-01-16T00:00:00Z", "2026-02-20T00:00:00Z");
        assertThat(next("0 0 * * 5L", "UTC", "2026-01-01T00:00:00Z", 2))
                .containsExactly("2026-01-30T00:00:00Z", "2026-02-27T00:00:00Z");
    }

    @Test
    void whatTheClockLeavesOutIsReleasedWhenItIsPutForward() {
        // 2026-03-29 02:00 becomes 03:00, which is 01:00 UTC.
        assertThat(next("30 2 * * *", BERLIN, "2026-03-28T00:00:00Z", 3))
                .containsExactly(
                        "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        assertThat(next("15,30,45 2 * * *", BERLIN, "2026-03-29T00:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:15:00Z");
        assertThat(next("0,30 2-3 * * *", BERLIN, "2026-03-29T00:00:00Z", 3))
                .containsExactly(
                        "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z");
    }

    @Test
    void whatTheClockShowsTwiceIsReleasedTheFirstTime() {
        // 2026-10-25 03:00 becomes 02:00, which is 01:00 UTC.
        assertThat(next("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(next("0 1-4 * * *", BERLIN, "2026-10-24T12:00:00Z", 4))
                .containsExactly(
                        "2026-10-24T23:00:00Z",
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T03:00:00Z");
    }

    @Test
    void everyHourIsReleasedForEachShowingOfTheClock() {
        assertThat(next("30 * * * *", BERLIN, "2026-10-24T23:00:00Z", 4))
                .containsExactly(
                        "2026-10-24T23:30:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:30:00Z");
        assertThat(next("30 * * * *", BERLIN, "2026-03-28T23:00:00Z", 3))
                .containsExactly(
                        "2026-03-28T23:30:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* * * * *",
                "17 * * * *",
                "*/7 1-3 * * *",
                "0 0 * * *",
                "59 23 * * 0",
                "0,1 2,3 L * *",
                "5/10 2 29 3 5",
                "30 1,2,3 25 10 *"
            })
    void releasesAreFoundAndCountedAsAClockThatIsReadMinuteByMinuteShowsThem(String expression) {
        for (String zone : List.of("UTC", BERLIN, "Australia/Lord_Howe", "America/Havana")) {
            agreesWithTheClock(expression, ZoneId.of(zone), 3);
            agreesWithTheClock(expression, ZoneId.of(zone), 10);
        }
    }

    private static void agreesWithTheClock(String expression, ZoneId zone, int month) {
        Instant from = Instant.parse("2026-%02d-01T00:00:00Z".formatted(month));
        Instant until = from.plus(Duration.ofDays(40));
        List<Instant> expected = new ReadClock(expression, zone).between(from, until);
        Rhythm rhythm = Rhythm.of(Recurrence.cron(expression, zone));
        List<Instant> found = new ArrayList<>();
        Instant next = rhythm.first(from, from);
        while (next != null && next.isBefore(until)) {
            found.add(next);
            next = rhythm.plus(next, 1);
        }
        assertThat(found).as("%s in %s", expression, zone).isEqualTo(expected);
        for (int i = 0; i < found.size(); i += 1 + found.size() / 97) {
            assertThat(rhythm.plus(found.getFirst(), i)).isEqualTo(found.get(i));
            assertThat(rhythm.count(found.getFirst(), found.get(i))).isEqualTo(i + 1);
            assertThat(rhythm.count(found.getFirst(), found.get(i).minusNanos(1))).isEqualTo(i);
        }
        Duration shortest = rhythm.shortest();
        for (int i = 1; i < found.size(); i++) {
            if (found.get(i - 1).plus(shortest).isAfter(found.get(i))) {
                fail("%s and %s are closer than %s", found.get(i - 1), found.get(i), shortest);
            }
        }
    }

    @Test
    void manyYearsOfEverySecondAreCountedAtOnce() {
        Rhythm rhythm = Rhythm.of(Recurrence.cron("* * * * * *", ZoneId.of(BERLIN)));
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        Instant until = Instant.parse("2029-06-01T12:00:00.5Z");
        long seconds = Duration.between(from, until).toSeconds();
        assertThat(rhythm.count(from, until)).isEqualTo(seconds + 1);
        assertThat(rhythm.plus(from, seconds)).isEqualTo(until.minusMillis(500));
    }

    @ParameterizedTest
    @CsvSource({
        "* * * * *, Europe/Berlin, PT1M",
        "0 9 1 1 *, UTC, PT24H",
        "0 9 1 1 *, Europe/Berlin, PT23H",
        "'30 1,3 * * *', UTC, PT2H",
        "'30 1,3 * * *', Europe/Berlin, PT1H",
        "'45 1,2 * * *', Europe/Berlin, PT15M",
        "* * * * * *, UTC, PT1S"
    })
    void theShortestDistanceIncludesTheDaysOnWhichTheClockIsChanged(
            String expression, String zone, Duration shortest) {
        Rhythm rhythm = Rhythm.of(Recurrence.cron(expression, ZoneId.of(zone)));
        assertThat(rhythm.shortest()).isEqualTo(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *"})
    void daysThatNeverComeAreNotFound(String expression) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (String zone : List.of("UTC", BERLIN)) {
            assertThat(Rhythm.of(Recurrence.cron(expression, ZoneId.of(zone))).first(now, now))
                    .isNull();
        }
    }

    @Test
    void aLeapDayIsFoundUnlessItIsMoreThanFiveYearsAhead() {
        assertThat(next("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", 2))
                .containsExactly("2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z");
        Instant late = Instant.parse("2096-03-01T00:00:00Z");
        assertThat(Rhythm.of(Recurrence.cron("0 0 29 2 *", ZoneId.of("UTC"))).first(late, late))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    61 * * * *      | field 1 of 5, minute, cannot be "61"
                    * 24 * * *      | field 2 of 5, hour, cannot be "24"
                    * * 0 * *       | field 3 of 5, day of month, cannot be "0"
                    * * * 13 *      | field 4 of 5, month, cannot be "13"
                    * * * * 8       | field 5 of 5, day of week, cannot be "8"
                    60 * * * * *    | field 1 of 6, second, cannot be "60"
                    * x * * * *     | field 2 of 6, minute, cannot be "x"
                    */0 * * * *     | field 1 of 5, minute, cannot be "*/0"
                    5-1 * * * *     | field 1 of 5, minute, cannot be "5-1"
                    1,,2 * * * *    | field 1 of 5, minute, cannot be "1,,2"
                    1- * * * *      | field 1 of 5, minute, cannot be "1-"
                    -1 * * * *      | field 1 of 5, minute, cannot be "-1"
                    * * 15W * *     | field 3 of 5, day of month, cannot be "15W"
                    * * ? * *       | field 3 of 5, day of month, cannot be "?"
                    * * * FOO *     | field 4 of 5, month, cannot be "FOO"
                    99999999999 * * * * | field 1 of 5, minute, cannot be "99999999999"
                    @daily          | had 1: "@daily"
                    * * * *         | had 4
                    * * * * * * *   | had 7
                    """)
    void anExpressionThatCannotBeReadIsRefusedWithItsField(String expression, String told) {
        RefusedException refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> Rhythm.of(Recurrence.cron(expression, ZoneId.of("UTC"))));
        assertThat(refused.code()).isEqualTo(RequestErrorCode.BAD_USER_INPUT);
        assertThat(refused).hasMessageStartingWith("cron: ").hasMessageContaining(told);
    }

    private static List<String> next(String expression, String zone, String from, int many) {
        Rhythm rhythm = Rhythm.of(Recurrence.cron(expression, ZoneId.of(zone)));
        List<String> found = new ArrayList<>();
        Instant begin = Instant.parse(from);
        Instant next = rhythm.first(begin, begin);
        while (next != null && found.size() < many) {
            found.add(next.toString());
            next = rhythm.plus(next, 1);
        }
        return found;
    }
}
