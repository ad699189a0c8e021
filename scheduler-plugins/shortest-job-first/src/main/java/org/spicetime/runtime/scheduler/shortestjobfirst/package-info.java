// SPDX-License-Identifier: Apache-2.0
/**
 * Shortest job first. The factory is thread-safe; its policy is a pure function and may be called
 * by any thread.
 */
@NullMarked
package org.spicetime.runtime.scheduler.shortestjobfirst;

import org.jspecify.annotations.NullMarked;
