// SPDX-License-Identifier: Apache-2.0
/** Tests of the pool on real memory and real threads. */
@NullMarked
package org.spicetime.runtime.core.memory;

import org.jspecify.annotations.NullMarked;
