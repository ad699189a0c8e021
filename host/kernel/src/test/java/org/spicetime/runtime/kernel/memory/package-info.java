// SPDX-License-Identifier: Apache-2.0
/** Tests of the plan of a pool, with honest and hostile strategies. One thread. */
@NullMarked
package org.spicetime.runtime.kernel.memory;

import org.jspecify.annotations.NullMarked;
