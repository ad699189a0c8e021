// SPDX-License-Identifier: Apache-2.0
/** Tests of the console's page and printers. */
@NullMarked
package org.spicetime.runtime.console;

import org.jspecify.annotations.NullMarked;
