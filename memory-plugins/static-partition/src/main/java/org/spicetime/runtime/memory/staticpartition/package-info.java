// SPDX-License-Identifier: Apache-2.0
/**
 * The allocation strategy STATIC: a partition into blocks of a few sizes that is fixed at the
 * start. An instance is called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.memory.staticpartition;

import org.jspecify.annotations.NullMarked;
