// SPDX-License-Identifier: Apache-2.0
/**
 * Collection of a pool: what threads that ended have left behind, movable blocks that are moved
 * together, free zones that go back to the machine. All of it in steps, each of which holds the
 * lock of the pool for no longer than the pause goal.
 *
 * <p>One {@code PoolCollector} per pool, thread-safe; one {@code Collector} with a thread for the
 * host.
 */
@NullMarked
package org.spicetime.runtime.core.memory.collect;

import org.jspecify.annotations.NullMarked;
