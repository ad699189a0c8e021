// SPDX-License-Identifier: Apache-2.0
/**
 * The budgets of domain memory. One trace of allocations and releases, published as a generator and
 * a seed, is replayed against the strategies as they are shipped, against a domain's pool as a task
 * sees it, and against the allocators people use on the JVM, in turn and in one process. Each class
 * is used by one thread at a time, unless it says otherwise.
 */
@NullMarked
package org.spicetime.runtime.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
