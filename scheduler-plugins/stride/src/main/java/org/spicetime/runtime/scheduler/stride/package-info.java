// SPDX-License-Identifier: Apache-2.0
/**
 * Shares in proportion to tickets, by equal strides of pass. The factory is thread-safe; its policy
 * is called by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.scheduler.stride;

import org.jspecify.annotations.NullMarked;
