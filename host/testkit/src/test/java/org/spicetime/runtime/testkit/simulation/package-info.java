// SPDX-License-Identifier: Apache-2.0
/** Tests of the simulator. */
@NullMarked
package org.spicetime.runtime.testkit.simulation;

import org.jspecify.annotations.NullMarked;
