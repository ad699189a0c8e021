// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.schedules;

import java.time.Duration;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.schedule.Recurrence;
import org.spicetime.runtime.api.schedule.ScheduleRequest;
import org.spicetime.runtime.core.recurrence.Rhythm;

/** Rhythms of schedules, and which are refused. Thread-safe. */
final class Rhythms {

    private Rhythms() {}

    /**
     * The rhythm asked for.
     *
     * @throws RefusedException the cron expression cannot be read, or releases sooner than the task
     *     is expected to end
     */
    static Rhythm of(ScheduleRequest schedule) {
        Rhythm rhythm = Rhythm.of(schedule.recurrence());
        Duration run = schedule.task().estimatedDuration();
        if (schedule.recurrence() instanceof Recurrence.Cron
                && run != null
                && run.compareTo(rhythm.shortest()) > 0) {
            throw RefusedException.badInput(
                    "cron",
                    "releases must not be closer than the run time, task.estimatedDuration "
                            + run
                            + ", and some are "
                            + rhythm.shortest()
                            + " apart");
        }
        return rhythm;
    }

    /**
     * Refuses what would never release.
     *
     * @throws RefusedException there is no release within five years
     */
    static void checkReleases(LiveSchedule schedule) {
        if (schedule.beat.next() == null
                && schedule.request.recurrence() instanceof Recurrence.Cron cron) {
            throw RefusedException.badInput(
                    "cron",
                    "\""
                            + cron.expression()
                            + "\" names no time within five years from "
                            + schedule.startAt
                            + "; name a day and a time that come sooner");
        }
    }
}
