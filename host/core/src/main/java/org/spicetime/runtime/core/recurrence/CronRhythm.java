// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.schedule.Recurrence;

/**
 * The instants at which the clock of a zone shows what a cron expression names; see {@link
 * Recurrence.Cron} for what follows when the clock is changed. Between two changes the offset is
 * constant: that is a <i>stretch</i>, and everything is asked of one stretch after the other.
 * Thread-safe.
 */
final class CronRhythm implements Rhythm {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /* Changes of the clock that are looked at for the shortest distance: they repeat every year. */
    private static final Instant FIRST_CHANGE = Instant.parse("2026-01-01T00:00:00Z");
    private static final int CHANGES = 8;

    private final LocalTimes local;
    private final ZoneRules rules;
    private final boolean followsElapsedTime;

    private CronRhythm(LocalTimes local, ZoneRules rules) {
        this.local = local;
        this.rules = rules;
        followsElapsedTime = local.times().everyHour();
    }

    static CronRhythm of(Recurrence.Cron cron) {
        return new CronRhythm(
                LocalTimes.of(CronSyntax.parse(cron.expression())), cron.zone().getRules());
    }

    /**
     * The time from an instant to the next change of the clock.
     *
     * @param atChange whether something is released at the beginning, for what the clock left out
     * @param begin the instant it begins
     * @param from what the clock shows then; later, where it shows things for the second time
     * @param offset of the clock
     * @param end when the clock is changed; null: never
     */
    private record Stretch(
            boolean atChange,
            Instant begin,
            LocalDateTime from,
            ZoneOffset offset,
            @Nullable Instant end) {
        /** What the clock would show at the end. */
        LocalDateTime until() {
            return end == null ? LocalDateTime.MAX : LocalDateTime.ofInstant(end, offset);
        }
    }

    private Stretch stretch(Instant begin) {
        ZoneOffset offset = rules.getOffset(begin);
        ZoneOffsetTransition next = rules.nextTransition(begin);
        Instant end = next == null ? null : next.getInstant();
        LocalDateTime shown = LocalDateTime.ofInstant(begin, offset);
        ZoneOffsetTransition last =
                followsElapsedTime ? null : rules.previousTransition(begin.plusNanos(1));
        if (last == null) return new Stretch(false, begin, shown, offset, end);
        if (last.isOverlap()) {
            LocalDateTime first = last.getDateTimeBefore();
            return new Stretch(false, begin, first.isAfter(shown) ? first : shown, offset, end);
        }
        boolean atChange =
                last.getInstant().equals(begin)
                        && local.count(last.getDateTimeBefore(), last.getDateTimeAfter()) > 0;
        return new Stretch(atChange, begin, atChange ? shown.plus(SECOND) : shown, offset, end);
    }

    @Override
    public @Nullable Instant first(Instant start, Instant now) {
        return nth(start.isBefore(now) ? now : start, 0);
    }

    @Override
    public long before(Instant start, Instant now) {
        return 0;
    }

    @Override
    public @Nullable Instant plus(Instant instant, long later) {
        return nth(instant, later);
    }

    private @Nullable Instant nth(Instant from, long number) {
        long left = number;
        Instant begin = wholeSecond(from);
        while (true) {
            Stretch stretch = stretch(begin);
            if (stretch.atChange() && left-- == 0) return begin;
            Instant end = stretch.end();
            LocalDateTime found = local.next(stretch.from(), left);
            if (found != null && found.isBefore(stretch.until())) {
                return found.toInstant(stretch.offset());
            }
            if (end == null || local.next(stretch.from()) == null) return null;
            left -= local.count(stretch.from(), stretch.until());
            begin = end;
        }
    }

    @Override
    public long count(Instant instant, Instant until) {
        long count = 0;
        Instant begin = wholeSecond(instant);
        while (!begin.isAfter(until)) {
            Stretch stretch = stretch(begin);
            Instant end = stretch.end();
            LocalDateTime last =
                    end == null || end.isAfter(until)
                            ? LocalDateTime.ofInstant(until, stretch.offset()).plusNanos(1)
                            : stretch.until();
            count += (stretch.atChange() ? 1 : 0) + local.count(stretch.from(), last);
            if (end == null) return count;
            begin = end;
        }
        return count;
    }

    private static Instant wholeSecond(Instant instant) {
        Instant whole = instant.truncatedTo(ChronoUnit.SECONDS);
        return whole.equals(instant) ? whole : whole.plus(SECOND);
    }

    /*
     * A day of the week and a change of the clock meet sooner or later, so every day counts. Beside
     * a change only the distances over it differ from those of other days.
     */
    @Override
    public Duration shortest() {
        Duration shortest = local.times().shortest();
        if (followsElapsedTime || rules.isFixedOffset()) return shortest;
        CronRhythm daily = new CronRhythm(local.everyDay(), rules);
        ZoneOffsetTransition change = rules.nextTransition(FIRST_CHANGE);
        for (int i = 0; i < CHANGES && change != null; i++) {
            shortest = min(shortest, daily.shortestOver(change.getInstant()));
            change = rules.nextTransition(change.getInstant());
        }
        return shortest;
    }

    private Duration shortestOver(Instant change) {
        Instant twoDaysBefore = change.minus(Duration.ofDays(2));
        long before = count(twoDaysBefore, change.minusNanos(1));
        Instant last = plus(twoDaysBefore, before - 1);
        Instant next = plus(change, 0);
        Instant afterNext = next == null ? null : plus(next, 1);
        if (last == null || next == null || afterNext == null) {
            throw new IllegalStateException("a rhythm of every day ends at " + change);
        }
        return min(Duration.between(last, next), Duration.between(next, afterNext));
    }

    private static Duration min(Duration left, Duration right) {
        return left.compareTo(right) < 0 ? left : right;
    }
}
