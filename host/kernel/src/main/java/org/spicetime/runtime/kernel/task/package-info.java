// SPDX-License-Identifier: Apache-2.0
/**
 * What becomes of the tasks of one domain: admission, dependencies, timers, retries, cancellation,
 * effective priorities. Decides only; {@link org.spicetime.runtime.kernel.task.DomainKernel} is
 * called by one thread at a time, guarded by the caller, starts no threads and reads no clock.
 */
@NullMarked
package org.spicetime.runtime.kernel.task;

import org.jspecify.annotations.NullMarked;
