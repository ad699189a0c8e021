// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the launcher, on real directories, sockets and a real framework. Called by one thread at
 * a time.
 */
@NullMarked
package org.spicetime.runtime.launcher;

import org.jspecify.annotations.NullMarked;
