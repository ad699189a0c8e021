// SPDX-License-Identifier: Apache-2.0
/**
 * What every store makes of the events of a task: in which phases each may come, what it changes,
 * what is kept of attempts, and what becomes of tasks whose host died. Knows no storage. A draft is
 * used by one thread at a time, all else is thread-safe.
 */
@NullMarked
package org.spicetime.runtime.store.rules;

import org.jspecify.annotations.NullMarked;
