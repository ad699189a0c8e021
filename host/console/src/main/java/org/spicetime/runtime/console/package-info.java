// SPDX-License-Identifier: Apache-2.0

/**
 * The operator's view inside the Felix web console: one page about domains, status pages that also
 * go into the support archive, and health checks. It reads the host through its Java API only; each
 * value is of the moment it was asked for. Called by many request threads at a time.
 */
@NullMarked
package org.spicetime.runtime.console;

import org.jspecify.annotations.NullMarked;
