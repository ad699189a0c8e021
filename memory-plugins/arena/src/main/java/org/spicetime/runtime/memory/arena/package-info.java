// SPDX-License-Identifier: Apache-2.0
/**
 * The allocation strategy ARENA: a bump pointer per task over chunks that return as wholes. An
 * instance is called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.memory.arena;

import org.jspecify.annotations.NullMarked;
