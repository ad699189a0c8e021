// SPDX-License-Identifier: Apache-2.0
/**
 * Everyone in turn, for equal slices. The factory is thread-safe; its policy is called by one
 * thread at a time.
 */
@NullMarked
package org.spicetime.runtime.scheduler.roundrobin;

import org.jspecify.annotations.NullMarked;
