// SPDX-License-Identifier: Apache-2.0
/**
 * The task store that keeps everything in memory. One lock guards it; the store itself is
 * thread-safe, its parts are used under that lock.
 */
@NullMarked
package org.spicetime.runtime.store.memory;

import org.jspecify.annotations.NullMarked;
