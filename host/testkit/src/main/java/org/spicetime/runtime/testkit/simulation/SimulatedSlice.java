// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.testkit.simulation;

import org.spicetime.runtime.api.scheduler.SliceEnd;

/**
 * A release of a task had a slot without a break. Times are in units. Immutable.
 *
 * @param task name of the task
 * @param number of the release, from 0
 * @param slot which slot, from 0
 * @param from when it began
 * @param to when it ended
 * @param end why it ended
 */
public record SimulatedSlice(String task, int number, int slot, long from, long to, SliceEnd end) {}
