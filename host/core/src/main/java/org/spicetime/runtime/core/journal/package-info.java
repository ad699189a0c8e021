// SPDX-License-Identifier: Apache-2.0
/**
 * What a domain writes to the task store, and who waits for it.
 *
 * <p>Everything that changes a stored task happens inside the guard of its domain and is handed to
 * the store before the guard is free again, without waiting; so the order in the store is the order
 * in the domain. Commits are settled by threads of the journal, many in one visit to the guard;
 * callers are answered afterwards, without the guard.
 */
@NullMarked
package org.spicetime.runtime.core.journal;

import org.jspecify.annotations.NullMarked;
