// SPDX-License-Identifier: Apache-2.0
/**
 * How a domain decides which task runs next, and the contract of the bundles that decide it.
 *
 * <p>A policy is either a {@link org.spicetime.runtime.api.scheduler.KeyedPolicy}, one pure
 * function that ranks a task and may be called by any thread at any time, or a {@link
 * org.spicetime.runtime.api.scheduler.SchedulingPolicy}, a queue of its own that is called by one
 * thread at a time. A {@link org.spicetime.runtime.api.scheduler.SchedulingPolicyFactory} makes one
 * instance per domain.
 *
 * <p>Times are nanoseconds on the domain's monotonic clock unless a type says otherwise; {@link
 * java.lang.Long#MAX_VALUE} means never or none. A larger priority is more urgent. Policies have no
 * time and no randomness but those of their {@link
 * org.spicetime.runtime.api.scheduler.PolicyContext}, so each of them runs unchanged on a virtual
 * clock.
 *
 * <p>The host keeps its own list of all queued tasks and calls every policy through a guard: one
 * that throws, hangs, loses a task or answers nonsense is ejected, its tasks go on under a built-in
 * plain FIFO, and its bundle is named. The ideas behind this come from sched_ext (the Linux
 * kernel's loadable schedulers, <i>Documentation/scheduler/sched-ext.rst</i>) and from ghOSt
 * (Humphries and others, <i>ghOSt: Fast and Flexible User-Space Delegation of Linux Scheduling</i>,
 * SOSP 2021).
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.scheduler;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
