// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import org.spicetime.runtime.api.task.TaskRequest;

/** When a schedule releases. Immutable. */
public sealed interface Recurrence {

    /** The longest cron expression, in characters. */
    int MAX_CRON_LENGTH = 256;

    /**
     * At fixed instants, whole periods apart.
     *
     * <p>Immutable.
     *
     * @param period time between releases, {@link TaskRequest#MIN_PERIOD} to {@link
     *     TaskRequest#MAX_PERIOD}
     */
    record FixedRate(Duration period) implements Recurrence {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the period is out of it
         */
        public FixedRate {
            Objects.requireNonNull(period, "period");
            ScheduleChecks.period(period);
        }
    }

    /**
     * Whenever the clock of a time zone shows what a cron expression says. Only the shape is
     * checked here; the domain refuses an expression it cannot read, and one that releases nothing
     * within five years.
     *
     * <p>Where the clock is changed, an expression whose hour is every hour ({@code *}) follows the
     * time that passes: it releases for each showing of the clock, so an hour that is left out has
     * no releases and an hour that comes twice has them twice. Any other expression releases once
     * for what it names: when the clock is put forward over it, at that moment (once, whatever was
     * named in the part left out); when the clock shows it twice, the first time only.
     *
     * <p>Immutable.
     *
     * @param expression five fields (minute, hour, day of month, month, day of week), or six with
     *     seconds first; 1 to {@value #MAX_CRON_LENGTH} characters. If both days are restricted,
     *     either is enough (as crontab(5) has it)
     * @param zone the time zone whose clock counts
     */
    record Cron(String expression, ZoneId zone) implements Recurrence {
        /**
         * Checks the shape.
         *
         * @throws IllegalArgumentException if the expression is malformed; the message tells it
         */
        public Cron {
            Objects.requireNonNull(expression, "expression");
            Objects.requireNonNull(zone, "zone");
            ScheduleChecks.cron(expression);
        }
    }

    /**
     * At a fixed rate.
     *
     * @param period time between releases
     * @return the recurrence
     */
    static Recurrence every(Duration period) {
        return new FixedRate(period);
    }

    /**
     * By the clock of a time zone.
     *
     * @param expression five fields, or six with seconds first
     * @param zone the time zone whose clock counts
     * @return the recurrence
     */
    static Recurrence cron(String expression, ZoneId zone) {
        return new Cron(expression, zone);
    }
}
