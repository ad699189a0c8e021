// SPDX-License-Identifier: Apache-2.0
/**
 * Runs the tasks of a domain on platform threads, and measures them.
 *
 * <p>Who owns what:
 *
 * <ul>
 *   <li>The lock of a domain is its {@link org.spicetime.runtime.core.dispatch.DomainGuard}. Under
 *       it are the kernel (all tasks and the policy), the dispatcher's slots, its idle workers and
 *       the set of running attempts, the life cycle, and the statistics. No plugin but the policy
 *       is called under it, nothing is waited for, and no listener is told: that happens once it is
 *       free, by {@link org.spicetime.runtime.core.dispatch.DomainGuard#afterwards}.
 *   <li>A worker thread owns the attempt it runs: its handler call, its arena and its meter. An
 *       attempt is settled exactly once, under the guard: by its worker when the handler returns,
 *       or by the timer when the handler does not return in time. In the latter case the worker has
 *       lost slot and task, and ends when its handler returns.
 *   <li>An attempt that gave way at a checkpoint waits on its own worker, which does nothing else
 *       meanwhile; {@link org.spicetime.runtime.core.dispatch.SafePoints} tells when it goes on.
 *   <li>The node has one timer thread and one sampler thread for all domains.
 * </ul>
 */
@NullMarked
package org.spicetime.runtime.core.dispatch;

import org.jspecify.annotations.NullMarked;
