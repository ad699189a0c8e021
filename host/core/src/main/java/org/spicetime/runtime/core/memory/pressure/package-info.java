// SPDX-License-Identifier: Apache-2.0
/**
 * How scarce the memory of a pool is: its level, the time that tasks wait for memory, and the
 * services that are told. Everything here is thread-safe and decides by the instants it is given;
 * {@link org.spicetime.runtime.core.memory.pressure.PressureListeners} alone has threads, one per
 * listener.
 */
@NullMarked
package org.spicetime.runtime.core.memory.pressure;

import org.jspecify.annotations.NullMarked;
