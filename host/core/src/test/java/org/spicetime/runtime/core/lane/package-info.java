// SPDX-License-Identifier: Apache-2.0
/** Tests of the queues between threads: all interleavings of short runs, and many of long ones. */
@NullMarked
package org.spicetime.runtime.core.lane;

import org.jspecify.annotations.NullMarked;
