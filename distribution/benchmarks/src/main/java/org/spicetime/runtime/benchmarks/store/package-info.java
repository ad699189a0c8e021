// SPDX-License-Identifier: Apache-2.0
/**
 * What durable tasks cost: beside the bare disk, and beside other schedulers of durable jobs. Each
 * class says which threads it has.
 */
@NullMarked
package org.spicetime.runtime.benchmarks.store;

import org.jspecify.annotations.NullMarked;
