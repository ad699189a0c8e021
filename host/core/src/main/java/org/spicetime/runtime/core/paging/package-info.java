// SPDX-License-Identifier: Apache-2.0
/**
 * Pages of tasks by keyset: a cursor holds the sort key and the id of its task, never an offset, so
 * what comes and goes between two pages shifts nothing. See Markus Winand, "SQL Performance
 * Explained" (2012), on the seek method.
 *
 * <p>A scan is guarded by the guard of the domain it looks at; cursors are immutable.
 */
@NullMarked
package org.spicetime.runtime.core.paging;

import org.jspecify.annotations.NullMarked;
