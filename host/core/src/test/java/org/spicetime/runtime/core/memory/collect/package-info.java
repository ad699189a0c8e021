// SPDX-License-Identifier: Apache-2.0
/** Tests of collections. */
@NullMarked
package org.spicetime.runtime.core.memory.collect;

import org.jspecify.annotations.NullMarked;
