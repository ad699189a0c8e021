// SPDX-License-Identifier: Apache-2.0
/**
 * Plans a domain's memory pool: zones, blocks, the guard over every answer of an allocation
 * strategy, its replacement and ejection, and the built-in first-fit. Numbers only: no memory is
 * touched here, there are no threads and no clocks. Everything is guarded by the caller.
 */
@NullMarked
package org.spicetime.runtime.kernel.memory;

import org.jspecify.annotations.NullMarked;
