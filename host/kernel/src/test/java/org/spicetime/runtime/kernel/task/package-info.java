// SPDX-License-Identifier: Apache-2.0
/** Tests of the kernel on a clock that passes only when told to. One thread per test. */
@NullMarked
package org.spicetime.runtime.kernel.task;

import org.jspecify.annotations.NullMarked;
