// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.core.recurrence;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spicetime.runtime.api.error.RefusedException;

/** Reads cron expressions of five fields, or of six with seconds first. Thread-safe. */
final class CronSyntax {

    private static final CronParser PARSER = new CronParser(definition());

    private static final List<Part> PARTS =
            List.of(
                    new Part("second", "0 .. 59"),
                    new Part("minute", "0 .. 59"),
                    new Part("hour", "0 .. 23"),
                    new Part("day of month", "1 .. 31 or L, the last"),
                    new Part("month", "1 .. 12 or JAN .. DEC"),
                    new Part("day of week", "0 .. 7 or SUN .. SAT, 5#3 the third, 5L the last"));

    private record Part(String name, String range) {}

    private CronSyntax() {}

    private static CronDefinition definition() {
        return CronDefinitionBuilder.defineCron()
                .withSeconds()
                .withStrictRange()
                .and()
                .withMinutes()
                .withStrictRange()
                .and()
                .withHours()
                .withStrictRange()
                .and()
                .withDayOfMonth()
                .supportsL()
                .withStrictRange()
                .and()
                .withMonth()
                .withStrictRange()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .supportsHash()
                .supportsL()
                .withStrictRange()
                .and()
                .instance();
    }

    /**
     * The expression, with seconds.
     *
     * @throws RefusedException it cannot be read; tells the field at fault and what it may be
     */
    static Cron parse(String expression) {
        String[] fields = expression.strip().split("\\s+");
        if (fields.length != PARTS.size() && fields.length != PARTS.size() - 1) {
            throw RefusedException.badInput(
                    "cron",
                    "must have five fields (minute, hour, day of month, month, day of week), or"
                            + " six with seconds first, had "
                            + fields.length
                            + ": \""
                            + expression
                            + "\"");
        }
        int left = PARTS.size() - fields.length;
        String[] all = new String[PARTS.size()];
        Arrays.fill(all, "0");
        System.arraycopy(fields, 0, all, left, fields.length);
        Cron cron = read(all);
        if (cron != null) {
            return cron;
        }
        for (int i = left; i < all.length; i++) {
            String[] alone = {"*", "*", "*", "*", "*", "*"};
            alone[i] = all[i];
            if (read(alone) == null) {
                Part part = PARTS.get(i);
                throw RefusedException.badInput(
                        "cron",
                        "field %d of %d, %s, cannot be \"%s\"; it may be *, %s, and lists (1,2), ranges (1-5) and steps (*/2) of these"
                                .formatted(
                                        i - left + 1,
                                        fields.length,
                                        part.name(),
                                        all[i],
                                        part.range()));
            }
        }
        throw RefusedException.badInput("cron", "cannot be read: \"" + expression + "\"");
    }

    private static @Nullable Cron read(String[] fields) {
        try {
            return PARSER.parse(String.join(" ", fields)).validate();
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
