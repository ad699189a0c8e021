// SPDX-License-Identifier: Apache-2.0
/**
 * When schedules release: at a fixed rate, or by a cron expression and the clock of a time zone.
 *
 * <p>All types are immutable unless they say otherwise; none looks at a clock.
 */
@NullMarked
package org.spicetime.runtime.core.recurrence;

import org.jspecify.annotations.NullMarked;
