// SPDX-License-Identifier: Apache-2.0
/** Tests of POOL. One thread. */
@NullMarked
package org.spicetime.runtime.memory.pool;

import org.jspecify.annotations.NullMarked;
