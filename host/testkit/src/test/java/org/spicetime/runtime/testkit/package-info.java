// SPDX-License-Identifier: Apache-2.0
/** Tests of the test kit itself. One thread per test. */
@NullMarked
package org.spicetime.runtime.testkit;

import org.jspecify.annotations.NullMarked;
