// SPDX-License-Identifier: Apache-2.0
/** Tests of BUDDY. One thread. */
@NullMarked
package org.spicetime.runtime.memory.buddy;

import org.jspecify.annotations.NullMarked;
