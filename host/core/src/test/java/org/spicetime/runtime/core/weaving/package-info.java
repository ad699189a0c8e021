// SPDX-License-Identifier: Apache-2.0
/** Tests of the polls in plugin classes. */
@NullMarked
package org.spicetime.runtime.core.weaving;

import org.jspecify.annotations.NullMarked;
