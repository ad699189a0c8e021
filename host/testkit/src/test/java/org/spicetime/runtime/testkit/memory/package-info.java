// SPDX-License-Identifier: Apache-2.0
/** The built-in strategy under the contract test, and the contract test under bad strategies. */
@NullMarked
package org.spicetime.runtime.testkit.memory;

import org.jspecify.annotations.NullMarked;
