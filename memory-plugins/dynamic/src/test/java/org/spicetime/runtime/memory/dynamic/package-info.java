// SPDX-License-Identifier: Apache-2.0
/** Tests of DYNAMIC. One thread. */
@NullMarked
package org.spicetime.runtime.memory.dynamic;

import org.jspecify.annotations.NullMarked;
