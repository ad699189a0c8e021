// SPDX-License-Identifier: Apache-2.0
/**
 * Whether what the store acknowledged is still there after a crash. A child process works on a real
 * store and notes what was acknowledged to it; a preloaded library records its writes, makes them
 * fail or kills it; images of the disk as a loss of power may leave it are built from the record
 * and opened with the code that ships. Called by one thread at a time unless a type says otherwise.
 */
@NullMarked
package org.spicetime.runtime.store.crash;

import org.jspecify.annotations.NullMarked;
