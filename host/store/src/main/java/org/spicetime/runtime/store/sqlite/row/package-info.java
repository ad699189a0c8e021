// SPDX-License-Identifier: Apache-2.0
/**
 * How tasks, attempts, schedules and domains are written into columns of SQLite and read back. All
 * types are immutable or without state unless they say otherwise; statements and result sets are
 * those of one thread.
 */
@NullMarked
package org.spicetime.runtime.store.sqlite.row;

import org.jspecify.annotations.NullMarked;
