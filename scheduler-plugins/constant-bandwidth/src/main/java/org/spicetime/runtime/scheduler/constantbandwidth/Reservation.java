// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.scheduler.constantbandwidth;

/**
 * What each server may use. Immutable.
 *
 * @param budget nanoseconds in each period
 * @param period nanoseconds
 * @param hard whether a server without budget waits for its next period
 */
record Reservation(long budget, long period, boolean hard) {}
