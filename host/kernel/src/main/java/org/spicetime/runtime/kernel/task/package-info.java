// SPDX-License-Identifier: Apache-2.0
/**
 * What becomes of the tasks of one domain: admission, dependencies, timers, retries, cancellation,
 * effective priorities, limits. Decides only; {@link
 * org.spicetime.runtime.kernel.task.DomainKernel} is called by one thread at a time, guarded by the
 * caller, starts no threads and reads no clock.
 *
 * <h2>What comes between the steps of stored tasks</h2>
 *
 * Admissions and ends of stored tasks have two steps each, and anything may come between them:
 *
 * <ul>
 *   <li><b>A prerequisite ends, or is purged, between prepare and publish.</b> The prepared task
 *       knows its entry and judges the end when it is let in; its own end, if it fails by that,
 *       takes the two steps of every end.
 *   <li><b>A prerequisite that was done when the task was prepared is tried again.</b> What was met
 *       then was stored as met and stays so.
 *   <li><b>The time of a prepared task passes, or UTC jumps.</b> A prepared task has no timers;
 *       publish sets them by the present clocks, and what is due then fires at once.
 *   <li><b>Settings change, or a policy is ejected.</b> Prepared tasks are in no queue, and ending
 *       ones no longer, so neither is moved nor audited. Their room was counted when they were
 *       prepared: a smaller capacity refuses others, not them.
 *   <li><b>Withdraw of a batch.</b> A batch goes as a whole. Its members wait for each other only
 *       from publish on, and no other task can name them before, so there is nobody to tell.
 *   <li><b>A running task is cancelled while its success is being stored,</b> or it is suspended,
 *       changed, purged: CONFLICT; the first decided outcome wins. A late word of its worker is a
 *       mistake of the caller, and refused.
 *   <li><b>A deadline or time limit passes while the end is being stored.</b> The timers are gone:
 *       the task was in time.
 *   <li><b>A task is tried again with cascade while the failure of a dependant is being stored.</b>
 *       That dependant stays failed and can be tried again by itself.
 *   <li><b>A failed task left for the store and is brought back to be tried again.</b> It is a new
 *       entry; those that failed by the former one find it when they are tried again.
 *   <li><b>The commit of an end fails.</b> The entry stays decided and counts as unstored; nobody
 *       sees the end, those that wait go on waiting.
 *   <li><b>Stored is told late,</b> after the domain stopped: it ends the task all the same;
 *       nothing runs unless somebody picks.
 *   <li><b>A task is waited for while it is parked in the store.</b> Those that wait know of it by
 *       hearsay, as of a task of another domain, until it comes back and takes them over.
 *   <li><b>The process dies.</b> A task is what its record says. Its prerequisites are judged
 *       again; one that nobody knows any more counts as not done. The time-out of a dependency
 *       counts from the last change that was stored.
 * </ul>
 */
@NullMarked
package org.spicetime.runtime.kernel.task;

import org.jspecify.annotations.NullMarked;
