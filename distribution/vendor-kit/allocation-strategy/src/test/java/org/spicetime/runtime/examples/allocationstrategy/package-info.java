// SPDX-License-Identifier: Apache-2.0
/** Tests of the example. Each test runs on one thread unless it says otherwise. */
@NullMarked
package org.spicetime.runtime.examples.allocationstrategy;

import org.jspecify.annotations.NullMarked;
