// SPDX-License-Identifier: Apache-2.0
/**
 * What the seats of plugins tell whoever watches over calls into them, and what they are told back.
 * The kernel has neither clock nor thread; who has them implements {@link
 * org.spicetime.runtime.kernel.guard.CallMeter}. Called by one thread at a time for each seat,
 * guarded by the caller.
 */
@NullMarked
package org.spicetime.runtime.kernel.guard;

import org.jspecify.annotations.NullMarked;
