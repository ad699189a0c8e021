// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.api.scheduler;

/**
 * A scheduling policy at work in one domain. There are two ways to write one, and no third: rank
 * tasks by a {@link KeyedPolicy}, which is enough for most, or keep the queue in a {@link
 * SchedulingPolicy}.
 *
 * <p>A policy never blocks, takes no locks, starts no threads, and reads neither the system's clock
 * nor its randomness.
 */
public sealed interface Policy permits KeyedPolicy, SchedulingPolicy {}
