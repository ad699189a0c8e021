// SPDX-License-Identifier: Apache-2.0
/**
 * Periodic work: the schedules of a domain, and the tasks they release.
 *
 * <p>All types are used under the lock of their {@link
 * org.spicetime.runtime.core.schedules.Schedules}; the store is never waited for under it, so that
 * the timer thread is not held up. The lock comes before the guard of the domain, and before that
 * of {@link org.spicetime.runtime.core.schedules.Claims}, under which no other is taken.
 */
@NullMarked
package org.spicetime.runtime.core.schedules;

import org.jspecify.annotations.NullMarked;
