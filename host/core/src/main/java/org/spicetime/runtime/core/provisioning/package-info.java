// SPDX-License-Identifier: Apache-2.0
/**
 * Reads the domains that come with the installation and the instance. Called by the thread that
 * starts the host; values are immutable.
 */
@NullMarked
package org.spicetime.runtime.core.provisioning;

import org.jspecify.annotations.NullMarked;
