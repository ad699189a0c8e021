// SPDX-License-Identifier: Apache-2.0
/**
 * Who may use the processors of a host, decided without threads and clocks: guarantees by constant
 * bandwidth servers, what they leave by weights. Guarded by the caller.
 */
@NullMarked
package org.spicetime.runtime.kernel.shares;

import org.jspecify.annotations.NullMarked;
