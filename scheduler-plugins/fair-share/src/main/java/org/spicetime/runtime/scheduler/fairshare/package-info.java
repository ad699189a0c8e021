// SPDX-License-Identifier: Apache-2.0
/**
 * Shares in proportion to weights, by virtual deadlines. The factory is thread-safe; its policy is
 * called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.scheduler.fairshare;

import org.jspecify.annotations.NullMarked;
