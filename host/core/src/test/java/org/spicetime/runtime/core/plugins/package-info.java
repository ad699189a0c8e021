// SPDX-License-Identifier: Apache-2.0
/** Tests of {@code core.plugins}. */
@NullMarked
package org.spicetime.runtime.core.plugins;

import org.jspecify.annotations.NullMarked;
