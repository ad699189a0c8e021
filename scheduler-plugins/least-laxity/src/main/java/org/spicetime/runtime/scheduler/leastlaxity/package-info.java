// SPDX-License-Identifier: Apache-2.0
/**
 * Least laxity first: who has the least time to spare. The factory is thread-safe; its policy is
 * called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.scheduler.leastlaxity;

import org.jspecify.annotations.NullMarked;
