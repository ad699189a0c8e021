// SPDX-License-Identifier: Apache-2.0
/** Tests of the watched directory. Each test runs on one thread. */
@NullMarked
package org.spicetime.runtime.core.deploy;

import org.jspecify.annotations.NullMarked;
