// SPDX-License-Identifier: Apache-2.0
/** Tests of STATIC. One thread. */
@NullMarked
package org.spicetime.runtime.memory.staticpartition;

import org.jspecify.annotations.NullMarked;
