// SPDX-License-Identifier: Apache-2.0
/** Tests of the measurements. One thread. */
@NullMarked
package org.spicetime.runtime.core.measure;

import org.jspecify.annotations.NullMarked;
