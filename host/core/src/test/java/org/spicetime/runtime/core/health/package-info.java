// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code core.health}. */
@NullMarked
package org.spicetime.runtime.core.health;

import org.jspecify.annotations.NullMarked;
