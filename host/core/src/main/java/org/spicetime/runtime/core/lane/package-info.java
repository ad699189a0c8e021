// SPDX-License-Identifier: Apache-2.0
/**
 * Queues between threads that take no lock: what many submit to one, and what one holds ready for
 * itself and for those who have nothing. Their classes say who may call what.
 */
@NullMarked
package org.spicetime.runtime.core.lane;

import org.jspecify.annotations.NullMarked;
