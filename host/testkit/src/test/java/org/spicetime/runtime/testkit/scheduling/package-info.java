// SPDX-License-Identifier: Apache-2.0
/**
 * The contract on the kernel's fallback and on a policy with its own queue. One thread per test.
 */
@NullMarked
package org.spicetime.runtime.testkit.scheduling;

import org.jspecify.annotations.NullMarked;
