// SPDX-License-Identifier: Apache-2.0
/**
 * A guaranteed share of time per class of tasks. The factory is thread-safe; its policy is called
 * by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.scheduler.constantbandwidth;

import org.jspecify.annotations.NullMarked;
