// SPDX-License-Identifier: Apache-2.0
/** Tests of magazines. */
@NullMarked
package org.spicetime.runtime.core.memory.magazine;

import org.jspecify.annotations.NullMarked;
