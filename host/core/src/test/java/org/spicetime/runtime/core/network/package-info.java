// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code core.network}. */
@NullMarked
package org.spicetime.runtime.core.network;

import org.jspecify.annotations.NullMarked;
