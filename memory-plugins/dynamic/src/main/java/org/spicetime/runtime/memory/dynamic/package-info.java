// SPDX-License-Identifier: Apache-2.0
/**
 * The allocation strategy DYNAMIC: quick lists and zones that follow the demand. An instance is
 * called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.memory.dynamic;

import org.jspecify.annotations.NullMarked;
