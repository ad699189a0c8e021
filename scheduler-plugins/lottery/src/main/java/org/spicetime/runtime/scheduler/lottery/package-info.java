// SPDX-License-Identifier: Apache-2.0
/**
 * Shares in proportion to tickets, by drawing lots. The factory is thread-safe; its policy is
 * called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.scheduler.lottery;

import org.jspecify.annotations.NullMarked;
