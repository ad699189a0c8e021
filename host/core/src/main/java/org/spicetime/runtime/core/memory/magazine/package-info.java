// SPDX-License-Identifier: Apache-2.0
/**
 * Blocks kept ready in front of a pool's lock, for memory that comes and goes. {@link
 * org.spicetime.runtime.core.memory.magazine.Magazines} is thread-safe; the {@link
 * org.spicetime.runtime.core.memory.magazine.Takings} of an attempt belong to its thread.
 */
@NullMarked
package org.spicetime.runtime.core.memory.magazine;

import org.jspecify.annotations.NullMarked;
