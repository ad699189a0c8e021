// SPDX-License-Identifier: Apache-2.0
/**
 * Brings what bundles tell the OSGi log service into the one log of the host. Thread-safe; called
 * by the log service's own thread.
 */
@NullMarked
package org.spicetime.runtime.logging;

import org.jspecify.annotations.NullMarked;
