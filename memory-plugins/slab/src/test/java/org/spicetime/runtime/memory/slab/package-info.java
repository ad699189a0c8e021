// SPDX-License-Identifier: Apache-2.0
/** Tests of SLAB. One thread. */
@NullMarked
package org.spicetime.runtime.memory.slab;

import org.jspecify.annotations.NullMarked;
