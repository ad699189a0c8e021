// SPDX-License-Identifier: Apache-2.0
/**
 * Fixed priorities by relative deadline. The factory is thread-safe; its policy is a pure function
 * and may be called by any thread.
 */
@NullMarked
package org.spicetime.runtime.scheduler.deadlinemonotonic;

import org.jspecify.annotations.NullMarked;
