// SPDX-License-Identifier: Apache-2.0
/**
 * The allocation strategy SLAB: slabs of equal blocks for each of 36 sizes, whole pages for what is
 * larger. An instance is called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.memory.slab;

import org.jspecify.annotations.NullMarked;
