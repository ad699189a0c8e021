// SPDX-License-Identifier: Apache-2.0
/**
 * The allocation strategy BEST_FIT: the smallest free range that is large enough. An instance is
 * called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.memory.bestfit;

import org.jspecify.annotations.NullMarked;
