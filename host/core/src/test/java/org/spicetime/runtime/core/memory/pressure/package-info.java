// SPDX-License-Identifier: Apache-2.0
/** Tests of pressure; each is called by one thread. */
@NullMarked
package org.spicetime.runtime.core.memory.pressure;

import org.jspecify.annotations.NullMarked;
