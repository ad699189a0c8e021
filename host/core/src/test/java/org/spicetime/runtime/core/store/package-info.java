// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code core.store}. */
@NullMarked
package org.spicetime.runtime.core.store;

import org.jspecify.annotations.NullMarked;
