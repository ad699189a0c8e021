// SPDX-License-Identifier: Apache-2.0
/**
 * Where tasks, schedules and configurations are kept, and what the host tells the store about them.
 *
 * <p>The host decides; the store remembers. Everything it learns comes as {@link
 * org.spicetime.runtime.api.store.StoreEvent}s, appended under a {@link
 * org.spicetime.runtime.api.store.Lease} that fences out owners of the past. A {@link
 * org.spicetime.runtime.api.store.TaskStore} is thread-safe; all other types are immutable values.
 *
 * <p>Instants are UTC, kept to the microsecond at least. A smaller rank is more urgent: it is the
 * key of the domain's keyed policy.
 *
 * <p>Fencing by a growing number follows C. G. Gray and D. R. Cheriton, <i>Leases: An Efficient
 * Fault-Tolerant Mechanism for Distributed File Cache Consistency</i>, SOSP 1989, and M. Kleppmann,
 * <i>Designing Data-Intensive Applications</i>, 2017, chapter 8. Many commits sharing one
 * synchronisation with the disk is the group commit of D. J. DeWitt and others, <i>Implementation
 * Techniques for Main Memory Database Systems</i>, SIGMOD 1984.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.spicetime.runtime.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
