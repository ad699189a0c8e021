// SPDX-License-Identifier: Apache-2.0
/** The tasks that are measured: a bundle of their own, made at run time, as a vendor's would be. */
@NullMarked
package org.spicetime.runtime.benchmarks.work;

import org.jspecify.annotations.NullMarked;
