// SPDX-License-Identifier: Apache-2.0
/** Tests of what a host knows about its last life. */
@NullMarked
package org.spicetime.runtime.core.recovery;

import org.jspecify.annotations.NullMarked;
