// SPDX-License-Identifier: Apache-2.0
/**
 * First in, first out. The factory is thread-safe; its policy is a pure function and may be called
 * by any thread.
 */
@NullMarked
package org.spicetime.runtime.scheduler.fifo;

import org.jspecify.annotations.NullMarked;
