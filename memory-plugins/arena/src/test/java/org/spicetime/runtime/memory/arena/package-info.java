// SPDX-License-Identifier: Apache-2.0
/** Tests of ARENA. One thread. */
@NullMarked
package org.spicetime.runtime.memory.arena;

import org.jspecify.annotations.NullMarked;
