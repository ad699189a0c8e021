// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code core.payload}. */
@NullMarked
package org.spicetime.runtime.core.payload;

import org.jspecify.annotations.NullMarked;
