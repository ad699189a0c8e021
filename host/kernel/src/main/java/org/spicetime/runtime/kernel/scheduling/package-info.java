// SPDX-License-Identifier: Apache-2.0
/**
 * Which ready task runs next: the policy in charge, the guard around it, the list of queued tasks
 * that no policy can lose, and the fallback. Called by one thread at a time, guarded by the caller;
 * starts no threads and reads no clock.
 */
@NullMarked
package org.spicetime.runtime.kernel.scheduling;

import org.jspecify.annotations.NullMarked;
