// SPDX-License-Identifier: Apache-2.0
/**
 * Levels that tasks sink through as they use time. The factory is thread-safe; its policy is called
 * by one thread at a time.
 */
@NullMarked
package org.spicetime.runtime.scheduler.multilevelfeedback;

import org.jspecify.annotations.NullMarked;
