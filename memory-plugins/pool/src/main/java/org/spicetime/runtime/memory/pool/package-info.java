// SPDX-License-Identifier: Apache-2.0
/**
 * The allocation strategy POOL: blocks of one size. An instance is called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.memory.pool;

import org.jspecify.annotations.NullMarked;
