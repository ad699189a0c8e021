// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.schedule.Recurrence;

/** The instants of a recurrence. Thread-safe. */
public interface Rhythm {

    /**
     * The rhythm of a recurrence.
     *
     * @throws org.spicetime.runtime.api.error.RefusedException the cron expression cannot be read
     */
    static Rhythm of(Recurrence recurrence) {
        return switch (recurrence) {
            case Recurrence.FixedRate rate -> new FixedRhythm(rate.period());
            case Recurrence.Cron cron -> CronRhythm.of(cron);
        };
    }

    /**
     * The first instant of a rhythm that begins at {@code start}, which is not before {@code now}.
     *
     * @return null: there is none, or none within five years
     */
    @Nullable Instant first(Instant start, Instant now);

    /** How many instants of a rhythm that begins at {@code start} lie before {@code now}. */
    long before(Instant start, Instant now);

    /** How many instants there are from the one given to {@code until}, both included. */
    long count(Instant instant, Instant until);

    /**
     * The instant so many later.
     *
     * @param instant one of this rhythm
     * @param later how many, not negative
     * @return null: there is none, or none within five years
     */
    @Nullable Instant plus(Instant instant, long later);

    /** No two instants are closer than this. */
    Duration shortest();
}
